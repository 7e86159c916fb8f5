import { describe, expect, it } from '@jest/globals';
import { annotation, image, merge } from './coco-export.js';

const read = (...more: readonly object[]) => {
  const annotations = more.map((fields) => annotation(1, fields));
  return merge({ 'c.json': { images: [image(1, 'a.jpg')], annotations } }, ['a.jpg']);
};

const boxOf = (more: object) => {
  const [box] = read(more).images[0]?.boxes ?? [];
  return box && [box.x, box.y, box.width, box.height];
};

/** The same in an image without a stated size, so that a mask has the size of the image. */
const boxOfUnsized = (more: object) => {
  const images = [{ id: 1, file_name: 'a.jpg' }];
  const merged = merge({ 'c.json': { images, annotations: [annotation(1, more)] } }, ['a.jpg']);
  const [box] = merged.images[0]?.boxes ?? [];
  return box && [box.x, box.y, box.width, box.height];
};

describe('an annotation without bbox', () => {
  // Masks encoded by pycocotools 2.0, with its bounds.
  it.each<[string, object, number[]]>([
    [
      'a compressed mask of a disc',
      {
        size: [60, 80],
        counts: 'PZ1=]14L4M2M4M2N2O0O2N2O0O2O0O2O000000000000000000000001N101N101N2N101N2N3L3N3L4LnR1',
      },
      [22, 11, 39, 39],
    ],
    ['a compressed mask of two parts', { size: [20, 30], counts: 'Q24`000000[8MPM' }, [3, 5, 18, 8]],
    ['a compressed mask of the last pixel', { size: [37, 23], counts: 'bj01' }, [22, 36, 1, 1]],
    ['a compressed mask of the whole image', { size: [10, 8], counts: '0`2' }, [0, 0, 8, 10]],
    ['a mask of the whole image as a list', { size: [10, 8], counts: [0, 80] }, [0, 0, 8, 10]],
    ['a mask whose counts are written as text', { size: ['10', '8'], counts: ['0', '80'] }, [0, 0, 8, 10]],
    ['a mask with a run over two columns', { size: [4, 5], counts: [7, 2, 11] }, [1, 0, 2, 4]],
    ['a polygon', [[3, 4, 13, 4, 13, 24]] as object, [3, 4, 10, 20]],
    [
      'two polygons, one of them written as text',
      [
        [3, 4, 13, 4, 13, 24],
        ['1', '5', '2', '30'],
      ] as object,
      [1, 4, 12, 26],
    ],
    ['a polygon outside a list', [3, 4, 13, 4, 13, 24] as object, [3, 4, 10, 20]],
  ])('an annotation without bbox has the bounds of %s as its box', (_what, segmentation, bounds) => {
    expect(boxOfUnsized({ bbox: undefined, segmentation })).toEqual(bounds);
    expect(boxOfUnsized({ bbox: null, segmentation })).toEqual(bounds);
    expect(boxOfUnsized({ bbox: [], segmentation })).toEqual(bounds);
  });

  it.each<[string, unknown]>([
    ['a line', [[3, 4, 13, 4]]],
    ['a polygon without points', [[]]],
    ['a polygon with null as a coordinate', [[3, 4, null, 9, 13, 24]]],
    ['a mask without size', { counts: [0, 80] }],
    ['a mask larger than its image', { size: [10, 8], counts: [0, 81] }],
    ['a mask with fractions of pixels', { size: [10, 8], counts: [1.5, 2, 3] }],
    ['a mask without pixels', { size: [10, 8], counts: [80] }],
    ['a mask with invalid characters', { size: [10, 8], counts: 'äöü' }],
    ['a truncated mask', { size: [10, 8], counts: '0p' }],
  ])(
    'an annotation without bbox is dropped as invalid-box if its segmentation is %s',
    (_what, segmentation) => {
      expect(read({ bbox: undefined, segmentation }).annotations.dropped).toEqual({ 'invalid-box': 1 });
    },
  );
});

it('reads a COCO file without info, licenses, area, date_captured, iscrowd and sizes', () => {
  const coco = JSON.stringify({
    images: [{ id: 1, file_name: 'a.jpg' }],
    annotations: [{ image_id: 1, category_id: 1, bbox: [1, 2, 30, 40] }],
    categories: [{ id: 1, name: 'nodule' }],
  });
  const merged = merge({ 'c.json': coco }, ['a.jpg']);
  expect(merged.images).toMatchObject([{ width: null, height: null, boxes: [{ label: 'nodule' }] }]);
  expect(merged).toMatchObject({ findings: [], annotations: { found: 1, dropped: {} } });
});

describe('an annotation with bbox', () => {
  it('an annotation with bbox has the bbox as its box, unchanged, whatever its segmentation', () => {
    expect(boxOf({ bbox: [-3.5, 70, 500, 0.25], segmentation: [[1, 1, 9, 1, 9, 9]] })).toEqual([
      -3.5, 70, 500, 0.25,
    ]);
  });

  it.each([
    ['numbers beyond any image', [1, 2, 1e300, 1e300]],
    ['five numbers', [1, 2, 3, 4, 45]],
    ['words', ['a', 'b', 'c', 'd']],
    ['empty strings', ['', '', '', '']],
    ['booleans', [true, true, true, true]],
  ])('an annotation with bbox is dropped as invalid-box if its bbox is %s', (_what, bbox) => {
    expect(read({}, { bbox }).annotations.dropped).toEqual({ 'invalid-box': 1 });
  });

  it('an annotation with bbox is dropped if iscrowd is 1, "1" or true', () => {
    expect(read({ iscrowd: 1 }, { iscrowd: '1' }, { iscrowd: true }).annotations.dropped).toEqual({
      crowd: 3,
    });
    expect(boxOf({ iscrowd: false })).toEqual([1, 2, 30, 40]);
    expect(boxOf({ iscrowd: undefined })).toEqual([1, 2, 30, 40]);
  });

  it('an annotation with bbox is kept with KEEP_CROWD=true if iscrowd is 1, with a bbox or a mask', () => {
    const mask = { bbox: undefined, segmentation: { size: [80, 100], counts: [81, 2, 78, 2, 7837] } };
    const annotations = [annotation(1, { iscrowd: 1 }), annotation(1, { iscrowd: 1, ...mask })];
    const coco = { images: [image(1, 'a.jpg')], annotations };
    const merged = merge({ 'c.json': coco }, ['a.jpg'], { keepCrowd: true });
    expect(merged.annotations).toEqual({ found: 2, dropped: {} });
    expect(merged.images[0]?.boxes).toMatchObject([
      { x: 1, y: 1, width: 2, height: 2 },
      { x: 1, y: 2, width: 30, height: 40 },
    ]);
  });

  it('causes a warning if x and y of its bbox are exchanged relative to its polygon', () => {
    const segmentation = [[10, 50, 30, 50, 30, 90, 10, 90]];
    const swapped = read({ bbox: [50, 10, 20, 40], segmentation });
    expect(swapped.findings).toMatchObject([{ code: 'BOXES_SWAPPED', count: 1, examples: ['a.jpg'] }]);
    const two = read(
      { bbox: [50, 10, 20, 40], segmentation },
      { bbox: [50, 10, 20, 40], segmentation, category_id: 2 },
    );
    expect(two.findings).toMatchObject([
      { code: 'BOXES_SWAPPED', count: 2, unit: 'annotations', examples: ['a.jpg'] },
      { code: 'BOXES_IN_TWO_CLASSES', count: 1, unit: 'images' },
    ]);
    expect(swapped.images[0]?.boxes).toHaveLength(1);
    expect(read({ bbox: [10, 50, 20, 40], segmentation }).findings).toEqual([]);
    const elsewhere = read({ bbox: [40, 40, 20, 40], segmentation });
    expect(elsewhere.findings.map(({ code }) => code)).toEqual(['BOXES_DISAGREE_WITH_SHAPES']);
  });

  it('an annotation with bbox is kept if another annotation has the same id', () => {
    expect(read({ id: 5 }, { id: 5, bbox: [9, 9, 9, 9] }).annotations).toEqual({ found: 2, dropped: {} });
  });
});

describe('the finding LABELS_EMPTY', () => {
  const findings = (categories: readonly object[], annotations: readonly object[]) =>
    merge({ 'a.json': { images: [image(1, 'a.jpg')], annotations, categories } }, ['a.jpg']).findings;

  it('lists classes without usable annotations, except the super-category of Roboflow', () => {
    const categories = [
      { id: 0, name: 'lesions', supercategory: 'none' },
      { id: 1, name: 'nodule', supercategory: 'lesions' },
      { id: 2, name: 'pustule', supercategory: 'lesions' },
      { id: 3, name: 'crowded', supercategory: 'lesions' },
    ];
    const annotations = [annotation(1), annotation(1, { category_id: 3, iscrowd: 1 })];
    expect(findings(categories, annotations)).toMatchObject([
      { code: 'BOXES_CROWD', count: 1 },
      { code: 'LABELS_EMPTY', count: 2, examples: ['crowded', 'pustule'] },
    ]);
    expect(findings(categories.slice(0, 2), annotations.slice(0, 1))).toEqual([]);
  });
});
