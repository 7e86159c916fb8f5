import { describe, expect, it } from '@jest/globals';
import { annotation, CATEGORIES, image, merge, pathsOf, refusal } from './coco-export.js';

const images = [image(1, 'a.jpg'), image(2, 'b.jpg')];
const annotations = [annotation(1), annotation(2, { category_id: 2 })];
const coco = { info: {}, images, annotations, categories: CATEGORIES.slice(1) };
const PATHS = ['a.jpg', 'b.jpg'];
const LONG = Array.from({ length: 3_000 }, (_, i) => ({ id: 100 + i, name: `class ${i}` }));

function boxesOf(value: unknown) {
  const merged = merge({ 'data.json': JSON.stringify(value) }, PATHS);
  return merged.images.map(({ path, boxes }) => [path, boxes.map(({ label }) => label)]);
}
const RIGHT = [
  ['a.jpg', ['nodule']],
  ['b.jpg', ['pustule']],
];

describe('a COCO object inside another object', () => {
  it.each<[string, object]>([
    ['as its only member', { coco }],
    ['beside other members', { status: 'ok', meta: { pages: [1] }, data: coco, next: null }],
    ['with the annotations first', { data: { annotations, categories: coco.categories, images } }],
    [
      'with annotations longer than the beginning',
      { data: { ...coco, categories: [...coco.categories, ...LONG] } },
    ],
  ])('a COCO object inside another object is read: %s', (_what, value) => {
    expect(boxesOf(value)).toEqual(RIGHT);
  });

  it('a COCO object inside another object is refused if its JSON is truncated', () => {
    const text = JSON.stringify({ data: { ...coco, more: LONG } });
    const { type, message } = refusal({ 'data.json': text.slice(0, -9) }, PATHS);
    expect(type).toBe('CocoInvalid');
    expect(message).toContain('data.json is not valid JSON: it ends in the middle');
  });

  it.each<[string, object]>([
    ['two', { train: coco, val: coco }],
    ['two, the second behind a long first', { train: { ...coco, categories: LONG }, val: coco }],
  ])('a COCO object inside another object is not read if it is one of several: %s', (_what, value) => {
    const { type, message } = refusal({ 'data.json': JSON.stringify(value) }, PATHS);
    expect(type).toBe('CocoMissing');
    expect(message).toMatch(
      /data\.json has .*COCO (?:objects|object in train).*Write each into a JSON file of its own\./,
    );
    const both = merge({ 'all.json': JSON.stringify(value), 'c.json': JSON.stringify(coco) }, PATHS);
    expect(pathsOf(both)).toEqual(PATHS);
  });

  it('a COCO object inside an object that is COCO itself is ignored', () => {
    expect(boxesOf({ ...coco, previous: { ...coco, images: [image(9, 'z.jpg')] } })).toEqual(RIGHT);
  });
});

describe('records in another structure', () => {
  const { file_name: _a, ...unnamed } = image('x', 'a.jpg');
  it.each<[string, object]>([
    ['annotations in a list per image', { ...coco, annotations: annotations.map((one) => [one]) }],
    [
      'annotations in lists by image id',
      { ...coco, annotations: { 1: [annotations[0]], 2: [annotations[1]] } },
    ],
    ['images in lists', { ...coco, images: [images] }],
    [
      'images by file name, which only their key states',
      {
        ...coco,
        images: { 'a.jpg': { width: 100, height: 80 }, 'b.jpg': { width: 100, height: 80 } },
        annotations: [annotation('a.jpg'), annotation('b.jpg', { category_id: 2 })],
      },
    ],
    [
      'images whose id is their file name',
      {
        ...coco,
        images: PATHS.map((id) => ({ ...unnamed, id })),
        annotations: [annotation('a.jpg'), annotation('b.jpg', { category_id: 2 })],
      },
    ],
  ])('records in another structure are read: %s', (_what, value) => {
    expect(boxesOf(value)).toEqual(RIGHT);
  });
});
