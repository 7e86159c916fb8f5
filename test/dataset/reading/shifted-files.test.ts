import { describe, expect, it } from '@jest/globals';
import { annotation, codesOf, image, merge } from './coco-export.js';

const FRAMES = 12;
type Name = (number: number) => string;
const frame: Name = (number) => `frame_${String(number).padStart(3, '0')}.jpg`;
const numbers = (from: number, step = 1) => Array.from({ length: FRAMES }, (_, i) => (i + from) * step);

/** A COCO file that names images by these numbers. */
const cocoOf = (named: readonly number[], name: Name) => ({
  images: named.map((number, id) => image(id, name(number))),
  annotations: named.map((_, id) => annotation(id)),
});

const shiftIn = (
  records: readonly number[],
  files: readonly number[],
  { name = frame, folder = '' }: { readonly name?: Name; readonly folder?: string } = {},
) =>
  merge(
    { 'c.json': cocoOf(records, name) },
    files.map((number) => `${folder}${name(number)}`),
  ).findings.find(({ code }) => code === 'FILES_SHIFTED');

describe('files that are numbered from another start than the records', () => {
  it('files numbered from 1 that records name from 0 are reported with both ranges and the names at both ends', () => {
    expect(shiftIn(numbers(0), numbers(1))).toMatchObject({
      count: FRAMES,
      headline:
        'Records name frame_*.jpg from 0 to 11, but the files are numbered from 1 to 12, so boxes are probably on the wrong images.',
      examples: ['frame_000.jpg: no file', 'frame_012.jpg: no record'],
    });
  });

  it.each<readonly [string, readonly number[], readonly number[], object]>([
    ['by one in the other direction', numbers(1), numbers(0), {}],
    ['by two', numbers(0), numbers(2), {}],
    ['by one step of ten frames', numbers(0, 10), numbers(1, 10), {}],
    ['in names without leading zeros', numbers(0), numbers(1), { name: (n: number) => `${n}.png` }],
    ['in a folder beside the COCO file', numbers(0), numbers(1), { folder: 'images/' }],
    ['in a series with gaps', [0, 1, 2, 3, 7, 8, 9, 20, 21, 22], [1, 2, 3, 4, 8, 9, 10, 21, 22, 23], {}],
  ])('files are reported if their numbers are shifted %s', (_, records, files, options) => {
    expect(shiftIn(records, files, options)).toMatchObject({ count: records.length });
  });

  it('files of two folders are reported if both are shifted', () => {
    const inFolders = (named: readonly number[]) =>
      ['a', 'b'].flatMap((folder) => named.map((number) => `${folder}/${frame(number)}`));
    const named = inFolders(numbers(0));
    const coco = {
      images: named.map((path, id) => image(id, path)),
      annotations: named.map((_, id) => annotation(id)),
    };
    const { findings } = merge({ 'c.json': coco }, inFolders(numbers(1)));
    expect(findings).toContainEqual(expect.objectContaining({ code: 'FILES_SHIFTED', count: 2 * FRAMES }));
  });

  it.each<readonly [string, readonly number[], readonly number[]]>([
    [
      'a file in the middle is missing and one at the end is new',
      numbers(0),
      [...numbers(0), 12].filter((n) => n !== 5),
    ],
    ['only the first file is missing', numbers(0), numbers(0).slice(1)],
    ['only a file at the end is new', numbers(0), [...numbers(0), 12]],
    ['there are fewer than ten records', numbers(0).slice(0, 9), numbers(1).slice(0, 9)],
  ])('files are not reported as shifted if %s', (_, records, files) => {
    expect(shiftIn(records, files)).toBeUndefined();
  });

  it('files are not reported as shifted if their names have no number', () => {
    const names = Array.from('abcdefghijkl');
    const coco = {
      images: names.map((name, id) => image(id, `${name}.jpg`)),
      annotations: names.map((_, id) => annotation(id)),
    };
    const merged = merge(
      { 'c.json': coco },
      [...names.slice(1), 'm'].map((name) => `${name}.jpg`),
    );
    expect(codesOf(merged)).toEqual(['IMAGES_UNLISTED']);
  });
});
