import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { autoSplit } from '../../src/emulator/autosplit.js';

const image = (n: number, ...labels: string[]) => ({ sourceRef: `s3://bucket/${n}.jpg`, labels });
const images = (count: number, ...labels: string[]) =>
  Array.from({ length: count }, (_, n) => image(n, ...labels));

describe('autoSplit', () => {
  it('takes 20 % of the images for testing, whatever their order', () => {
    const all = images(20, 'acne');
    const test = autoSplit(all);
    expect(test?.size).toBe(4);
    expect(autoSplit(all.toReversed())).toEqual(test);
  });

  it.each([
    ['no images', []],
    ['one image', images(1, 'acne')],
    ['a label with one image', [...images(9, 'acne'), image(9, 'acne', 'scar')]],
  ])('returns undefined for %s', (_, all) => {
    expect(autoSplit(all)).toBeUndefined();
  });

  it('puts each label into training and testing, or returns undefined', () => {
    const labels = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(labels, { minLength: 1, maxLength: 40 }), (lists) => {
        const all = lists.map((list, n) => image(n, ...list));
        const test = autoSplit(all);
        if (!test) return;
        const kinds = (part: readonly { labels: readonly string[] }[]) =>
          new Set(part.flatMap((one) => one.labels));
        expect(kinds([...test])).toEqual(kinds(all));
        expect(kinds(all.filter((one) => !test.has(one)))).toEqual(kinds(all));
      }),
    );
  });
});
