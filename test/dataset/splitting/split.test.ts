import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Candidate, countByLabel, sortKeyOf } from '../../../src/dataset/model/candidates.js';
import { DatasetError } from '../../../src/dataset/model/errors.js';
import { copyCounts, splitImages } from '../../../src/dataset/splitting/split.js';
import { candidate, names } from '../curating/images.js';

const LABELS = ['a', 'b', 'c', 'd'];

/** Sort keys as hashes give them: they do not follow the order of names. */
const sortKey = (i: number) => sortKeyOf(0, `source-${i}`);

/** Groups of copies of the given sizes, all with the same classes. */
function groupsOf(sizes: readonly number[], labels: readonly string[] = ['x']): Candidate[] {
  return sizes.flatMap((size, group) =>
    Array.from({ length: size }, (_, i) =>
      candidate(sortKey(group), labels, { group: `g${group}`, path: `g${group}-${i}.jpg` }),
    ),
  );
}

/** The largest sum of group sizes up to `target`, by trying all combinations. */
function nearestBelow(sizes: readonly number[], target: number): number {
  let sums = new Set([0]);
  for (const size of sizes) sums = new Set([...sums, ...[...sums].map((sum) => sum + size)]);
  return Math.max(...[...sums].filter((sum) => sum <= target));
}

describe('splitImages', () => {
  it('puts floor(n * VAL_SPLIT) images into val: 88 of 889', () => {
    const images = Array.from({ length: 889 }, (_, i) => candidate(sortKey(i), [LABELS[i % 4] ?? 'a']));
    const { train, val } = splitImages(images, 0.1);
    expect([train.length, val.length]).toEqual([801, 88]);
  });

  it('uses the decimal value of VAL_SPLIT: 0.29 of 100 is 29', () => {
    const images = Array.from({ length: 100 }, (_, i) => candidate(sortKey(i), ['x']));
    expect(splitImages(images, 0.29).val).toHaveLength(29);
  });

  it('keeps the proportions of the classes', () => {
    const images = [
      ...Array.from({ length: 600 }, (_, i) => candidate(sortKey(i), ['a'])),
      ...Array.from({ length: 300 }, (_, i) => candidate(sortKey(600 + i), ['b'])),
      ...Array.from({ length: 100 }, (_, i) => candidate(sortKey(900 + i), ['c'])),
    ];
    expect(Object.fromEntries(countByLabel(splitImages(images, 0.1).val))).toEqual({ a: 60, b: 30, c: 10 });
  });

  it('keeps the proportions of classes that share images within two images', () => {
    const images = Array.from({ length: 500 }, (_, i) =>
      candidate(
        sortKey(i),
        LABELS.filter((_label, k) => i % (k + 2) === 0 || (k === 0 && i % 2 === 1)),
      ),
    );
    const [all, val] = [countByLabel(images), countByLabel(splitImages(images, 0.2).val)];
    for (const [label, count] of all) {
      expect(Math.abs((val.get(label) ?? 0) - count * 0.2)).toBeLessThanOrEqual(2);
    }
  });

  it('the split gives each class its share within one image if images show several of seven classes', () => {
    const labels = [...LABELS, 'e', 'f', 'g'];
    for (let start = 0; start < 2000; start += 100) {
      const images = Array.from({ length: 150 }, (_, i) => {
        const shown = labels.filter(
          (_label, k) => ((start + i) * (2 * k + 3) * 2_654_435_761) % 97 < 20 + 9 * k,
        );
        return candidate(sortKey(start + i), shown.length > 0 ? shown : ['a']);
      });
      const [all, val] = [countByLabel(images), countByLabel(splitImages(images, 0.1).val)];
      const lacking = [...all].filter(([label, count]) => Math.round(count / 10) - (val.get(label) ?? 0) > 1);
      expect(lacking).toEqual([]);
    }
  });

  it('keeps the proportions of classes that occur both together and alone', () => {
    const shown = [['a', 'b'], ['a', 'b'], ['a'], ['b']];
    for (let start = 0; start < 1200; start += 120) {
      const images = Array.from({ length: 120 }, (_, i) => candidate(sortKey(start + i), shown[i % 4] ?? []));
      expect(Object.fromEntries(countByLabel(splitImages(images, 0.1).val))).toEqual({ a: 9, b: 9 });
    }
  });

  it('keeps groups of copies on one side', () => {
    const images = groupsOf([5, 1, 3, 2, 2, 4, 1, 1, 1]);
    const { train, val } = splitImages(images, 0.3);
    const inVal = new Set(val.map(({ group }) => group));
    expect(val).toHaveLength(6);
    expect(train.filter(({ group }) => inVal.has(group))).toEqual([]);
  });

  it('fills val to the largest count that groups allow', () => {
    // 30 % of 34 is 10, which only the two groups of five add up to, in any order.
    const sizes = [6, 5, 5, 18];
    for (let shift = 0; shift < sizes.length; shift += 1) {
      const rotated = [...sizes.slice(shift), ...sizes.slice(0, shift)];
      expect(splitImages(groupsOf(rotated), 0.3).val).toHaveLength(10);
    }
    // Groups of three cannot add up to 4.
    expect(splitImages(groupsOf(Array(13).fill(3).concat(1)).slice(0, 39), 0.11).val).toHaveLength(3);
  });

  it('fills val to the largest count that groups of any sizes allow', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 2, maxLength: 14 }),
        fc.integer({ min: 5, max: 50 }),
        (sizes, percent) => {
          const images = groupsOf(sizes);
          const target = Math.floor((images.length * percent) / 100);
          const expected = nearestBelow(sizes, target);
          if (expected < 1) {
            expect(() => splitImages(images, percent / 100)).toThrow(DatasetError);
          } else {
            expect(splitImages(images, percent / 100).val).toHaveLength(expected);
          }
        },
      ),
    );
  });

  it('puts a group that is larger than val into train and reports it', () => {
    const images = groupsOf([30, ...Array(10).fill(1)]);
    const { train, val, tooLarge } = splitImages(images, 0.1);
    expect(val).toHaveLength(4);
    expect(train.filter(({ group }) => group === 'g0')).toHaveLength(30);
    expect(tooLarge).toEqual([{ path: 'g0-0.jpg', images: 30 }]);
  });

  it('puts every class into val if possible, also a class with groups of two only', () => {
    const images = [
      ...Array.from({ length: 90 }, (_, i) => candidate(sortKey(i), ['common'])),
      ...Array.from({ length: 10 }, (_, i) =>
        candidate(sortKey(100 + Math.floor(i / 2)), ['rare'], { group: `pair${i >> 1}`, path: `r${i}.jpg` }),
      ),
    ];
    const { val } = splitImages(images, 0.1);
    expect(Object.fromEntries(countByLabel(val))).toEqual({ common: 8, rare: 2 });
  });

  it('keeps every class of val in train', () => {
    const image = fc.record({
      labels: fc.subarray(LABELS, { minLength: 1 }),
      group: fc.integer({ min: 0, max: 12 }),
    });
    fc.assert(
      fc.property(
        fc.array(image, { minLength: 3, maxLength: 40 }),
        fc.integer({ min: 5, max: 90 }),
        (list, percent) => {
          const images = list.map(({ labels, group }, i) =>
            candidate(sortKey(i), labels, { group: `g${group}`, path: `${i}.jpg` }),
          );
          let split: ReturnType<typeof splitImages>;
          try {
            split = splitImages(images, percent / 100);
          } catch (error) {
            if (!(error instanceof DatasetError)) throw error;
            expect(error.type).toBe('SplitImpossible');
            return;
          }
          const inTrain = countByLabel(split.train);
          for (const label of countByLabel(split.val).keys()) expect(inTrain.get(label)).toBeGreaterThan(0);
          expect(split.val.length).toBeGreaterThan(0);
          expect(split.val.length).toBeLessThanOrEqual(Math.floor((images.length * percent) / 100));
          expect(split.train.length + split.val.length).toBe(images.length);
          const groups = new Set(split.val.map(({ group }) => group));
          expect(split.train.some(({ group }) => groups.has(group))).toBe(false);
        },
      ),
    );
  });

  it('depends on sort keys, not on the order or the names of files', () => {
    const images = Array.from({ length: 60 }, (_, i) =>
      candidate(sortKey(i), [LABELS[i % 4] ?? 'a'], { sourceSha256: `sha${i}`, path: `${i}.jpg` }),
    );
    const renamed = images
      .map((image, i) => ({ ...image, path: `other/${997 * i}.jpg`, group: `other${i}` }))
      .reverse();
    const shas = (list: readonly Candidate[]) => list.map(({ sourceSha256 }) => sourceSha256).sort();
    expect(shas(splitImages(renamed, 0.2).val)).toEqual(shas(splitImages(images, 0.2).val));
  });

  it('refuses a val of less than one image and lists the sizes of the groups', () => {
    expect(() => splitImages(groupsOf([1, 1, 1]), 0.1)).toThrow(
      /VAL_SPLIT=0.1 of 3 images is less than one.*1, 1, 1\./,
    );
    expect(() => splitImages(groupsOf([12, 8]), 0.1)).toThrow(/fits into the 2 images of val.*12, 8\./);
  });

  it('shows at least half of the classes in val if single images show many of them', () => {
    const plain = Array.from({ length: 16 }, (_, i) => candidate(sortKey(i), [`class${i >> 1}`]));
    const rich = [0, 1].map((i) =>
      candidate(
        sortKey(20 + i),
        Array.from({ length: 4 }, (_, k) => `class${4 * i + k}`),
      ),
    );
    // One image of 18 is in val: only a rich one shows four of the eight classes.
    expect(countByLabel(splitImages([...plain, ...rich], 0.1).val).size).toBe(4);
  });

  it('refuses a split in which val shows less than half of the classes, as the service does', () => {
    const images = Array.from({ length: 18 }, (_, i) => candidate(sortKey(i), [`class${i >> 1}`]));
    expect(() => splitImages(images, 0.2)).toThrow(/its 3 images cannot show 5 of 9\. .*1, 1, 1/);
    expect(countByLabel(splitImages(images, 0.28).val).size).toBe(5);
  });

  it('refuses to remove the only image of a class from train', () => {
    const images = ['a', 'b', 'c'].map((label, i) => candidate(sortKey(i), [label]));
    expect(() => splitImages(images, 0.5)).toThrow(expect.objectContaining({ type: 'SplitImpossible' }));
  });

  it('splits a hundred thousand images in pairs', () => {
    const images = groupsOf(Array(50_000).fill(2), ['x']);
    expect(splitImages(images, 0.1).val).toHaveLength(10_000);
  });
});

describe('copyCounts', () => {
  it('counts groups of two or more images, and the images in them', () => {
    expect(copyCounts(groupsOf([1, 3, 2, 1]))).toEqual({ groups: 2, images: 5 });
    expect(names(groupsOf([1]))).toEqual(['g0-0']);
  });
});
