import { describe, expect, it } from '@jest/globals';
import { annotation, type Coco, merge, refusal } from './coco-export.js';

const COUNT = 20;
const CLASSES = ['bolt', 'nut', 'cog'].map((name, i) => ({ id: i + 1, name }));
const paths = Array.from({ length: COUNT }, (_, i) => `${i + 1}.jpg`);

/** Sizes that differ from image to image, so that a box at the edge of one lies beyond its neighbours. */
const sizeOf = (i: number) => ({ width: 100 + ((i * 37) % 60), height: 100 + ((i * 53) % 60) });

/** Images 1 to 20 with a box at the lower right edge of each. `change` writes the annotations of a broken exporter. */
function coco({
  sized = false,
  shift = 0,
  annotated = (_image: number): boolean => true,
  categories = CLASSES as readonly object[],
  categoryOf = (i: number) => 1 + (i % 3),
} = {}): Coco {
  const ids = paths.map((_, i) => i + 1);
  return {
    images: ids.map((id) => ({ id, file_name: `${id}.jpg`, ...(sized ? sizeOf(id) : {}) })),
    annotations: ids.filter(annotated).map((id) => {
      const { width, height } = sizeOf(id);
      return annotation(id + shift, {
        category_id: categoryOf(id),
        bbox: [width - 40, height - 30, 40, 30],
      });
    }),
    categories,
  };
}

const findingsOf = (file: Coco) =>
  merge({ 'c.json': file }, paths).findings.filter(({ code }) => /_SHIFTED$/.test(code));

describe('image ids of annotations that are shifted by one', () => {
  it.each<[string, number, string]>([
    ['too low', -1, 'from 0 to 19, but images have ids from 1 to 20'],
    ['too high', 1, 'from 2 to 21, but images have ids from 1 to 20'],
  ])('an archive is refused if the image_ids of annotations are %s by one', (_what, shift, ids) => {
    const error = refusal({ 'c.json': coco({ shift }) }, paths);
    expect(error).toMatchObject({ type: 'CocoInvalid', details: { file: 'c.json', count: COUNT } });
    expect(error.message).toBe(
      `c.json: the ids of images seem to be shifted by one: annotations have an image_id ${ids}, so boxes would be on the wrong images. Number images and annotations from the same start and export again.`,
    );
  });

  it('an archive is refused with the number of boxes beyond their images if these fit with shifted image_ids', () => {
    const half = (image: number) => image % 2 === 1;
    const { message } = refusal({ 'c.json': coco({ sized: true, shift: -1, annotated: half }) }, paths);
    expect(message).toMatch(/, and \d+ boxes reach beyond their images and fit with shifted ids\./);
  });

  it('a warning says that image_ids may be shifted if all belong to images, but only shifted ones fit their boxes', () => {
    const found = findingsOf(coco({ sized: true, shift: -1, annotated: (image) => image > 1 }));
    expect(found).toMatchObject([{ code: 'IMAGE_IDS_SHIFTED', count: COUNT - 1, examples: ['c.json'] }]);
    expect(found[0]?.headline).toContain('fit with shifted ids');
  });

  it('a warning says that image_ids may be shifted if some images without annotations would explain them too', () => {
    const found = findingsOf(coco({ shift: -1, annotated: (image) => image % 4 !== 0 }));
    expect(found).toMatchObject([{ code: 'IMAGE_IDS_SHIFTED', count: 15, unit: 'annotations' }]);
  });

  it.each<[string, Coco]>([
    ['all belong to images', coco({ sized: true })],
    ['an image record is missing', { ...coco(), images: coco().images.slice(1) }],
    ['most images have no annotations', coco({ shift: 1, annotated: (image) => image > 14 })],
    ['they are the names of the images', { ...coco(), annotations: paths.map((path) => annotation(path)) }],
  ])('image_ids are not called shifted if %s', (_what, file) => {
    expect(findingsOf(file)).toEqual([]);
  });
});

describe('category ids of annotations that are shifted by one', () => {
  it.each<[string, number, string]>([
    ['too low', 0, 'from 0 to 2, but categories have ids from 1 to 3'],
    ['too high', 2, 'from 2 to 4, but categories have ids from 1 to 3'],
  ])('an archive is refused if the category_ids of annotations are %s by one', (_what, first, ids) => {
    const { type, message } = refusal({ 'c.json': coco({ categoryOf: (i) => first + (i % 3) }) }, paths);
    expect(type).toBe('CocoInvalid');
    expect(message).toBe(
      `c.json: the ids of categories seem to be shifted by one: annotations have a category_id ${ids}, so boxes would have the wrong class. Number categories and annotations from the same start and export again.`,
    );
  });

  it('a warning says that category_ids may be shifted if some classes would be unused', () => {
    const found = findingsOf(coco({ categoryOf: (i) => i % 2 }));
    expect(found).toMatchObject([{ code: 'CATEGORY_IDS_SHIFTED', count: COUNT, examples: ['c.json'] }]);
  });

  it('a warning says that category_ids may be shifted if annotations use a super-category in place of the last class', () => {
    const categories = [
      { id: 0, name: 'parts', supercategory: 'none' },
      ...CLASSES.map((one) => ({ ...one, supercategory: 'parts' })),
    ];
    expect(findingsOf(coco({ categories, categoryOf: (i) => i % 3 }))).toMatchObject([
      { code: 'CATEGORY_IDS_SHIFTED' },
    ]);
    expect(findingsOf(coco({ categories }))).toEqual([]);
  });

  it.each(['_background_', 'background', 'N/A', '__ignore__'])(
    'a warning says that category_ids may be shifted if annotations use %s in place of the last class',
    (name) => {
      const categories = [{ id: 0, name }, ...CLASSES];
      expect(findingsOf(coco({ categories, categoryOf: (i) => i % 3 }))).toMatchObject([
        { code: 'CATEGORY_IDS_SHIFTED', count: COUNT },
      ]);
      expect(findingsOf(coco({ categories }))).toEqual([]);
      // Objects that are labelled as background beside all classes.
      expect(findingsOf(coco({ categories, categoryOf: (i) => i % 4 }))).toEqual([]);
    },
  );

  it('the warning about classes without annotations says that wrong class names mean shifted ids', () => {
    const categories = [...CLASSES, { id: 4, name: 'last' }];
    const { findings } = merge({ 'c.json': coco({ categories }) }, paths);
    expect(findings).toMatchObject([{ code: 'LABELS_EMPTY', examples: ['last'] }]);
    expect(findings[0]?.message).toContain(
      'If boxes in the report have the wrong class names, category ids are shifted',
    );
  });

  it.each([0, 1])(
    'an archive is refused if category_ids count the list of categories from %d, and most are not ids of categories',
    (start) => {
      const categories = CLASSES.map((one, i) => ({ ...one, id: [1, 17, 90][i] }));
      const { type, message } = refusal(
        { 'c.json': coco({ categories, categoryOf: (i) => start + (i % 3) }) },
        paths,
      );
      expect(type).toBe('CocoInvalid');
      expect(message).toBe(
        `c.json: category_ids of annotations seem to count the list of categories from ${start}: they go from ${start} to ${start + 2} for a list of 3, whose ids go from 1 to 90. Write the id of its category into each annotation and export again.`,
      );
    },
  );

  it('a warning says that category_ids seem to count the list of categories if all positions but not all ids are used', () => {
    const categories = CLASSES.map((one, i) => ({ ...one, id: [1, 3, 7][i] }));
    const found = findingsOf(coco({ categories, categoryOf: (i) => (i % 3 === 0 ? 3 : i % 3) }));
    expect(found).toMatchObject([{ code: 'CATEGORY_IDS_SHIFTED', count: COUNT }]);
    expect(found[0]?.headline).toContain('count the list of categories from 1');
  });

  it('category_ids are not said to count the list of categories if one belongs to a removed category', () => {
    const categories = [...CLASSES, { id: 6, name: 'last' }];
    expect(findingsOf(coco({ categories, categoryOf: (i) => [1, 2, 4][i % 3] ?? 1 }))).toEqual([]);
  });

  it('category_ids are not called shifted if an unknown one is beside all classes', () => {
    expect(findingsOf(coco({ categoryOf: (i) => i % 4 }))).toEqual([]);
  });
});
