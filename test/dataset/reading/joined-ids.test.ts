import { describe, expect, it } from '@jest/globals';
import { annotation, type Coco, merge, refusal } from './coco-export.js';

const COUNT = 40;
const HALF = COUNT / 2;
const ids = Array.from({ length: COUNT }, (_, i) => i + 1);
/** Names that are no ids, so that image_ids cannot be names. */
const nameOf = (id: number) => `photo${id}.jpg`;
const paths = ids.map(nameOf);
const CLASSES = ['bolt', 'nut', 'cog'].map((name, i) => ({ id: i + 1, name }));

/** Sizes that differ from image to image, so that a box at the edge of one lies beyond its neighbours. */
const sizeOf = (id: number) => ({ width: 100 + ((id * 37) % 60), height: 100 + ((id * 53) % 60) });

interface Ids {
  readonly idOf?: (image: number) => number;
  readonly imageIdOf?: (image: number) => number;
  readonly categoryOf?: (image: number) => number;
  readonly isSized?: boolean;
  readonly categories?: readonly object[];
}

/** 40 images with a box at the lower right edge of each. */
function coco({
  idOf = (image) => image,
  imageIdOf = idOf,
  categoryOf = (image) => 1 + (image % 3),
  isSized = true,
  categories = CLASSES,
}: Ids = {}): Coco {
  return {
    images: ids.map((id) => ({ id: idOf(id), file_name: nameOf(id), ...(isSized ? sizeOf(id) : {}) })),
    annotations: ids.map((id) => {
      const { width, height } = sizeOf(id);
      return annotation(imageIdOf(id), {
        category_id: categoryOf(id),
        bbox: [width - 40, height - 30, 40, 30],
      });
    }),
    categories,
  };
}

const doubtsOf = (file: Coco) =>
  merge({ 'c.json': file }, paths).findings.filter(({ code }) => /_SHIFTED$/.test(code));

/** Ids in an order that has nothing to do with positions. */
const shuffled = (image: number) => ((image * 7) % COUNT) + 1;
const isSecondHalf = (image: number) => image > HALF;
const startsAgain = (image: number) => (isSecondHalf(image) ? image - HALF : image);

describe('image_ids that are positions in the list of images', () => {
  it.each([0, 1])('a warning says that image_ids may count the list of images from %d', (start) => {
    const found = doubtsOf(
      coco({ idOf: (image) => shuffled(image) - (1 - start), imageIdOf: (image) => image - 1 + start }),
    );
    expect(found).toMatchObject([{ code: 'IMAGE_IDS_SHIFTED', count: COUNT, examples: ['c.json'] }]);
    expect(found[0]?.message).toMatch(
      new RegExp(
        `image_ids of annotations seem to count the list of images from ${start}: \\d+ boxes reach beyond`,
      ),
    );
  });

  it.each([0, 1])('an archive is refused if image_ids count the list of images from %d', (start) => {
    const file = coco({ idOf: (image) => 1000 + 3 * image, imageIdOf: (image) => image - 1 + start });
    expect(refusal({ 'c.json': file }, paths)).toMatchObject({
      type: 'CocoInvalid',
      message: `c.json: image_ids of annotations seem to count the list of images from ${start}: they go from ${start} to ${COUNT - 1 + start} for ${COUNT} images, whose ids go from 1003 to 1120. Write the id of its image into each annotation and export again.`,
    });
  });

  it('an archive is refused if image_ids count the list of images, though half of them are ids too', () => {
    const file = coco({
      idOf: (image) => (isSecondHalf(image) ? 2 * image : image),
      imageIdOf: (image) => image,
    });
    expect(refusal({ 'c.json': file }, paths).type).toBe('CocoInvalid');
  });

  it.each<[string, Ids]>([
    ['ids are in another order than the images', { idOf: shuffled }],
    ['image records are missing', { idOf: (image) => 2 * image, imageIdOf: (image) => 2 * image + 1 }],
  ])('image_ids are not called positions if %s', (_what, options) => {
    const file = coco(options);
    const annotations = [...file.annotations, annotation(options.idOf?.(1) ?? 1)];
    expect(doubtsOf({ ...file, annotations })).toEqual([]);
  });
});

describe('two exports that were joined in one COCO file', () => {
  it.each<[string, (image: number) => number]>([
    ['second', (image) => (isSecondHalf(image) ? Math.min(image + 1, COUNT) : image)],
    ['first', (image) => (isSecondHalf(image) ? image : Math.max(image - 1, 1))],
  ])('a warning says that image_ids may be shifted in the %s half', (_half, imageIdOf) => {
    const found = doubtsOf(coco({ imageIdOf }));
    expect(found).toMatchObject([{ code: 'IMAGE_IDS_SHIFTED', count: COUNT }]);
    expect(found[0]?.message).toContain('shifted by one in a part of the file');
    expect(found[0]?.message).toContain('zip the two joined exports in two folders');
  });

  it('a warning says where image_ids start again if as many images at the end have no annotations', () => {
    const found = doubtsOf(coco({ imageIdOf: startsAgain, isSized: false }));
    expect(found).toMatchObject([{ code: 'IMAGE_IDS_SHIFTED', count: COUNT }]);
    expect(found[0]?.message).toContain(
      'image_ids of annotations start again from 1 at annotations[20], and the last 20 images have no annotations',
    );
  });

  it.each<[string, Ids]>([
    [
      'annotations are sorted by class',
      { imageIdOf: startsAgain, categoryOf: (image) => (isSecondHalf(image) ? 2 : 1) },
    ],
    ['all images have annotations', { imageIdOf: (image) => (2 * image) % 41 }],
  ])('image_ids are not reported to start again if %s', (_what, options) => {
    expect(doubtsOf(coco({ ...options, isSized: false }))).toEqual([]);
  });

  it.each<[string, string, (image: number) => number]>([
    [
      'second',
      'about 21 to 39 have a category_id from 0 to 2',
      (image) => (isSecondHalf(image) ? 0 : 1) + (image % 3),
    ],
    [
      'first',
      'about 3 to 18 have a category_id from 0 to 2',
      (image) => (isSecondHalf(image) ? 1 : 0) + (image % 3),
    ],
    [
      'second',
      'about 23 to 38 have a category_id from 2 to 4',
      (image) => (isSecondHalf(image) ? 2 : 1) + (image % 3),
    ],
  ])(
    'an archive is refused if category_ids are shifted by one in its %s half: %s',
    (_half, what, categoryOf) => {
      const { type, message } = refusal({ 'c.json': coco({ categoryOf }) }, paths);
      expect(type).toBe('CocoInvalid');
      expect(message).toContain('shifted by one in a part of the file');
      expect(message).toContain(what);
    },
  );

  it.each(['background', 'parts'])(
    'a warning says that category_ids may be shifted in a part of the file if the category %s has the lowest of them',
    (name) => {
      const classes = CLASSES.map((one) => (name === 'parts' ? { ...one, supercategory: name } : one));
      const categories = [{ id: 0, name }, ...classes];
      const found = doubtsOf(
        coco({ categories, categoryOf: (image) => (isSecondHalf(image) ? 0 : 1) + (image % 3) }),
      );
      expect(found).toMatchObject([{ code: 'CATEGORY_IDS_SHIFTED', count: COUNT, examples: ['c.json'] }]);
      expect(found[0]?.message).toContain(
        'annotations with an image_id from about 21 to 39 have a category_id from 0 to 2, the others from 1 to 3',
      );
      expect(doubtsOf(coco({ categories }))).toEqual([]);
    },
  );

  it('category_ids are not called shifted if images are sorted by class and one class is not defined', () => {
    expect(doubtsOf(coco({ categoryOf: (image) => Math.floor((image - 1) / 10) }))).toEqual([]);
  });
});
