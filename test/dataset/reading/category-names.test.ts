import { describe, expect, it } from '@jest/globals';
import { annotation, image, merge, refusal } from './coco-export.js';

const annotations = [annotation(1), annotation(1, { category_id: 2, bbox: [50, 50, 9, 9] })];
const withCategories = (categories: unknown) => ({
  'c.json': JSON.stringify({ images: [image(1, 'a.jpg')], annotations, categories }),
});
/** The classes of the boxes of categories 1 and 2, and the findings. */
function read(categories: unknown) {
  const { images, findings } = merge(withCategories(categories), ['a.jpg']);
  return { classes: images[0]?.boxes.map(({ label }) => label), findings };
}

describe('the name of a class', () => {
  it.each<[string, unknown]>([
    ['names by id', { 1: 'crack', 2: 'hole' }],
    ['ids by name', { crack: 1, hole: 2 }],
    ['ids by name as text', { crack: '1', hole: '2' }],
    ['records by id', { 1: { name: 'crack' }, 2: { name: 'hole' } }],
    ['records with ids by name', { crack: { id: 1, color: 'red' }, hole: { id: 2 } }],
  ])('a class has the name that is not a number if categories are %s', (_what, categories) => {
    expect(read(categories)).toEqual({ classes: ['crack', 'hole'], findings: [] });
  });

  it('a class may have a number as its name if others have not', () => {
    expect(read({ crack: 1, 7: 2 }).classes).toEqual(['crack', '7']);
    expect(read({ 1: 'crack', 2: '7' }).classes).toEqual(['crack', '7']);
  });

  it('categories that are pairs of different numbers are refused with what to write', () => {
    const { type, message } = refusal(withCategories({ 1: 2, 2: 1 }));
    expect(type).toBe('CocoInvalid');
    expect(message).toContain('such as "1": 2');
    expect(message).toContain('{"id": 1, "name": "…"}');
    expect(read({ 1: 1, 2: '2' }).classes).toEqual(['1', '2']);
  });

  it('pairs of numbers in JSON that is not COCO refuse nothing', () => {
    const files = {
      ...withCategories({ 1: 'crack', 2: 'hole' }),
      'counts.json': '{"categories":{"1":20,"2":7}}',
    };
    expect(merge(files, ['a.jpg']).labels).toEqual(['crack', 'hole']);
  });

  it('a class has the name of its super-category if its own name is its id, with a warning', () => {
    const { classes, findings } = read([
      { id: 1, name: '1', supercategory: 'crack' },
      { id: 2, name: 2, supercategory: 'hole' },
    ]);
    expect(classes).toEqual(['crack', 'hole']);
    expect(findings).toMatchObject([
      {
        ...{ code: 'CATEGORIES_NAMED_BY_SUPERCATEGORY', count: 2, unit: 'classes' },
        examples: ['c.json: 1 = crack', 'c.json: 2 = hole'],
      },
    ]);
  });

  it.each<[string, readonly (string | undefined)[]]>([
    ['they have one super-category', ['digit', 'digit']],
    ['one of them has none', ['crack', undefined]],
    ['super-categories are numbers', ['10', '20']],
    ['super-categories are called none', ['none', 'root']],
  ])('classes keep their numbers as names if %s', (_what, above) => {
    const categories = above.map((supercategory, i) => ({ id: i + 1, name: String(i + 1), supercategory }));
    expect(read(categories).classes).toEqual(['1', '2']);
  });

  it('an id that is no text refuses nothing if no annotation uses it', () => {
    const categories = [
      { id: 1, name: 'crack' },
      { id: 2, name: 'hole' },
      { id: { toString: 1 }, name: '1', supercategory: 'wall' },
    ];
    expect(read(categories).classes).toEqual(['crack', 'hole']);
  });

  it('one name under several ids is one class, with a warning if annotations use them', () => {
    const twice = [
      { id: 1, name: 'crack', supercategory: 'wall' },
      { id: 2, name: 'crack', supercategory: 'road' },
    ];
    expect(read(twice)).toMatchObject({
      classes: ['crack', 'crack'],
      findings: [{ code: 'CATEGORIES_REPEATED', count: 1, examples: ['c.json: crack: 1, 2'] }],
    });
    const unused = [...twice.slice(0, 1), { id: 2, name: 'hole' }, { id: 3, name: 'crack' }];
    expect(read(unused).findings).toEqual([]);
  });
});
