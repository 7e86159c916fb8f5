import { describe, expect, it } from '@jest/globals';
import { annotation, image, merge, refusal } from './coco-export.js';

const NAMES = ['0.jpg', '1.jpg', '2.jpg'];

/** A COCO file in which image `i` has `i + 1` boxes; `more` is added to each number. */
const cocoOf = (fileNames: readonly string[], more = 0) => ({
  images: fileNames.map((name, i) => image(i + 1, name)),
  annotations: fileNames.flatMap((_, i) =>
    Array.from({ length: i + 1 + more }, (_box, k) => annotation(i + 1, { bbox: [12 * k, 2, 30, 40] })),
  ),
});
const filesIn = (...folders: readonly string[]) =>
  folders.flatMap((folder) => NAMES.map((n) => `${folder}/${n}`));
const boxesOf = (merged: ReturnType<typeof merge>) =>
  merged.images.map(({ path, boxes }) => [path, boxes.length]);

describe('files of one name in several folders', () => {
  it.each<[string, string, string]>([
    ['an absolute path', '/home/x/data/train/images/', 'train/images'],
    ['a Windows path', 'D:\\data\\Train\\images\\', 'train/images'],
    ['a path without its last folder', '/home/x/train/', 'train/images'],
    ['a path with a further folder before it', 'dataset/train/images/', 'train/images'],
    ['a path in another root folder', 'C:\\proj\\train\\', 'export/train'],
  ])('the file of a record is chosen by the folders of its file_name: %s', (_what, prefix, folder) => {
    const other = folder.replace('train', 'val');
    const names = NAMES.map((name) => `${prefix}${name}`);
    const all = { ...cocoOf([...names, ...names.map((name) => name.replace(/train/i, 'val'))]) };
    expect(boxesOf(merge({ 'all.json': all }, filesIn(folder, other)))).toEqual([
      ...NAMES.map((name, i) => [`${folder}/${name}`, i + 1]),
      ...NAMES.map((name, i) => [`${other}/${name}`, i + 4]),
    ]);
  });

  it.each<[coco: string, folder: string]>([
    ['annotations/train.json', 'train/images'],
    ['annotations/instances_train.json', 'train/images'],
    ['train.json', 'train_images'],
    ['train.json', 'TrainImages'],
    ['annotations/instances_val.json', 'valid'],
    ['annotations/train/instances_default.json', 'images/train'],
    ['annotations/job1/instances_default.json', 'images/job1'],
    ['coco/train/annotations.json', 'train'],
  ])(
    'the file of a record is chosen by the split or folder that the COCO file names: %s and %s',
    (coco, folder) => {
      const swap = (path: string) => path.replace('job1', 'job2').replace(/train|valid|val/gi, 'test');
      const merged = merge(
        { [coco]: cocoOf(NAMES), [swap(coco)]: cocoOf(NAMES, 3) },
        filesIn(folder, swap(folder)),
      );
      expect(Object.fromEntries(boxesOf(merged))).toEqual(
        Object.fromEntries([
          ...NAMES.map((name, i) => [`${folder}/${name}`, i + 1]),
          ...NAMES.map((name, i) => [`${swap(folder)}/${name}`, i + 4]),
        ]),
      );
      expect(merged.rejected).toEqual([]);
    },
  );

  it('a record whose file is missing never gets the file of another split', () => {
    const merged = merge(
      { 'annotations/train.json': cocoOf(NAMES), 'annotations/val.json': cocoOf(NAMES, 3) },
      filesIn('train/images', 'val/images').filter((path) => path !== 'val/images/1.jpg'),
    );
    expect(Object.fromEntries(boxesOf(merged))).toMatchObject({
      'train/images/1.jpg': 2,
      'val/images/2.jpg': 6,
    });
    expect(merged.rejected).toMatchObject([{ path: 'val/images/1.jpg' }]);
  });

  it.each<[string, string, string]>([
    ['neither names a folder', 'all.json', '0.jpg'],
    ['they name different splits', 'annotations/train.json', '/home/val/photos/0.jpg'],
    ['a third split is stated', 'all.json', '/data/test/0.jpg'],
    ['both folders are stated', 'all.json', '/train/val/photos/0.jpg'],
  ])(
    'a file of several is not chosen by the folders of file_name and COCO file if %s',
    (_what, coco, name) => {
      expect(refusal({ [coco]: cocoOf([name]) }, ['train/0.jpg', 'val/0.jpg'])).toMatchObject({
        type: 'ImageAmbiguous',
        details: { examples: ['train/0.jpg', 'val/0.jpg'] },
      });
    },
  );

  it('an archive without images near the COCO file is refused with the folders of images of the same names', () => {
    const error = refusal({ 'export/labels/all.json': cocoOf(NAMES) }, filesIn('a', 'b'));
    expect(error.type).toBe('NoUsableImages');
    expect(error.message).toContain(
      'Images of the same names are in a/ and b/, but nothing shows that they are meant.',
    );
    expect(error.message).not.toContain('hyphens');
  });

  it.each([
    ['annotations/train.json', 'annotations/val.json'],
    ['train/labels.json', 'val/labels.json'],
  ])(
    'COCO files are refused if each names exactly the images of the folder of the other: %s and %s',
    (one, other) => {
      const paths = [...filesIn('train/images'), 'val/images/0.jpg'];
      const error = refusal({ [one]: cocoOf(NAMES.slice(0, 1)), [other]: cocoOf(NAMES) }, paths);
      expect(error.type).toBe('CocoInvalid');
      expect(error.message).toBe(
        `${one} and ${other} are exchanged: the first names exactly the images in val/images/, and the second those in train/images/. Exchange the two files.`,
      );
    },
  );

  it('COCO files are not refused as exchanged if images of one split are missing', () => {
    const files = { 'annotations/train.json': cocoOf(NAMES), 'annotations/val.json': cocoOf(NAMES, 3) };
    const merged = merge(files, [...filesIn('train/images'), 'val/images/0.jpg']);
    expect(merged.rejected.map(({ path }) => path)).toEqual(['val/images/1.jpg', 'val/images/2.jpg']);
  });
});
