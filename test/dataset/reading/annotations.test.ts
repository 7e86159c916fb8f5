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

describe('an annotation without a box has the bounds of its shape', () => {
  // Masks and their bounds as pycocotools 2.0 writes them.
  it.each<[string, object, number[]]>([
    [
      'a disc, compressed',
      {
        size: [60, 80],
        counts: 'PZ1=]14L4M2M4M2N2O0O2N2O0O2O0O2O000000000000000000000001N101N101N2N101N2N3L3N3L4LnR1',
      },
      [22, 11, 39, 39],
    ],
    ['two parts, compressed', { size: [20, 30], counts: 'Q24`000000[8MPM' }, [3, 5, 18, 8]],
    ['the last pixel, compressed', { size: [37, 23], counts: 'bj01' }, [22, 36, 1, 1]],
    ['the whole image, compressed', { size: [10, 8], counts: '0`2' }, [0, 0, 8, 10]],
    ['the whole image, as a list', { size: [10, 8], counts: [0, 80] }, [0, 0, 8, 10]],
    [
      'the whole image, its counts written as text',
      { size: ['10', '8'], counts: ['0', '80'] },
      [0, 0, 8, 10],
    ],
    ['a run over two columns', { size: [4, 5], counts: [7, 2, 11] }, [1, 0, 2, 4]],
    ['a polygon', [[3, 4, 13, 4, 13, 24]] as object, [3, 4, 10, 20]],
    [
      'two polygons, one written as text',
      [
        [3, 4, 13, 4, 13, 24],
        ['1', '5', '2', '30'],
      ] as object,
      [1, 4, 12, 26],
    ],
    ['a polygon that is not in a list', [3, 4, 13, 4, 13, 24] as object, [3, 4, 10, 20]],
  ])('%s', (_what, segmentation, bounds) => {
    expect(boxOf({ bbox: undefined, segmentation })).toEqual(bounds);
    expect(boxOf({ bbox: null, segmentation })).toEqual(bounds);
    expect(boxOf({ bbox: [], segmentation })).toEqual(bounds);
  });

  it.each<[string, unknown]>([
    ['a line', [[3, 4, 13, 4]]],
    ['a polygon of no points', [[]]],
    ['a polygon with a gap', [[3, 4, null, 9, 13, 24]]],
    ['a mask of no size', { counts: [0, 80] }],
    ['a mask larger than its image', { size: [10, 8], counts: [0, 81] }],
    ['a mask of half pixels', { size: [10, 8], counts: [1.5, 2, 3] }],
    ['a mask of nothing', { size: [10, 8], counts: [80] }],
    ['a mask of other characters', { size: [10, 8], counts: 'äöü' }],
    ['a mask that breaks off', { size: [10, 8], counts: '0p' }],
  ])('unless that is %s', (_what, segmentation) => {
    expect(read({ bbox: undefined, segmentation }).annotations.dropped).toEqual({ 'invalid-box': 1 });
  });
});

it('needs no info, licence, area, date, crowd or size', () => {
  const coco = JSON.stringify({
    images: [{ id: 1, file_name: 'a.jpg' }],
    annotations: [{ image_id: 1, category_id: 1, bbox: [1, 2, 30, 40] }],
    categories: [{ id: 1, name: 'nodule' }],
  });
  const merged = merge({ 'c.json': coco }, ['a.jpg']);
  expect(merged.images).toMatchObject([{ width: null, height: null, boxes: [{ label: 'nodule' }] }]);
  expect(merged).toMatchObject({ findings: [], annotations: { found: 1, dropped: {} } });
});

describe('a box', () => {
  it('goes before the shape, and stays as it is given', () => {
    expect(boxOf({ bbox: [-3.5, 70, 500, 0.25], segmentation: [[1, 1, 9, 1, 9, 9]] })).toEqual([
      -3.5, 70, 500, 0.25,
    ]);
  });

  it.each([
    ['beyond all images', [1, 2, 1e300, 1e300]],
    ['of five numbers', [1, 2, 3, 4, 45]],
    ['of words', ['a', 'b', 'c', 'd']],
    ['of empty texts', ['', '', '', '']],
    ['of truths', [true, true, true, true]],
    ['that is a record', { x: 1, y: 2, width: 3, height: 4 }],
  ])('%s is invalid', (_what, bbox) => {
    expect(read({ bbox }).annotations.dropped).toEqual({ 'invalid-box': 1 });
  });

  it('is dropped of a crowd, however that is written', () => {
    expect(read({ iscrowd: 1 }, { iscrowd: '1' }, { iscrowd: true }).annotations.dropped).toEqual({
      crowd: 3,
    });
    expect(boxOf({ iscrowd: false })).toEqual([1, 2, 30, 40]);
    expect(boxOf({ iscrowd: undefined })).toEqual([1, 2, 30, 40]);
  });

  it('of a crowd is kept where KEEP_CROWD asks for it, also one that only a mask gives', () => {
    const mask = { bbox: undefined, segmentation: { size: [4, 5], counts: [5, 2, 2, 2, 9] } };
    const annotations = [annotation(1, { iscrowd: 1 }), annotation(1, { iscrowd: 1, ...mask })];
    const coco = { images: [image(1, 'a.jpg')], annotations };
    const merged = merge({ 'c.json': coco }, ['a.jpg'], { keepCrowd: true });
    expect(merged.annotations).toEqual({ found: 2, dropped: {} });
    expect(merged.images[0]?.boxes).toMatchObject([
      { x: 1, y: 1, width: 2, height: 2 },
      { x: 1, y: 2, width: 30, height: 40 },
    ]);
  });

  it('with x and y exchanged against its own polygon is warned about', () => {
    const segmentation = [[10, 50, 30, 50, 30, 90, 10, 90]];
    const swapped = read({ bbox: [50, 10, 20, 40], segmentation });
    expect(swapped.findings).toMatchObject([{ code: 'BOXES_SWAPPED', count: 1, examples: ['a.jpg'] }]);
    expect(swapped.images[0]?.boxes).toHaveLength(1);
    expect(read({ bbox: [10, 50, 20, 40], segmentation }).findings).toEqual([]);
    const elsewhere = read({ bbox: [40, 40, 20, 40], segmentation });
    expect(elsewhere.findings.map(({ code }) => code)).toEqual(['BOXES_DISAGREE_WITH_SHAPES']);
  });

  it('counts though its annotation has the id of another', () => {
    expect(read({ id: 5 }, { id: 5, bbox: [9, 9, 9, 9] }).annotations).toEqual({ found: 2, dropped: {} });
  });
});

describe('a class without a usable annotation', () => {
  const findings = (categories: readonly object[], annotations: readonly object[]) =>
    merge({ 'a.json': { images: [image(1, 'a.jpg')], annotations, categories } }, ['a.jpg']).findings;

  it('is named, but for the dummy above the others that Roboflow writes', () => {
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
