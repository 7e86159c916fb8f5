import { describe, expect, it } from '@jest/globals';
import { annotation, CATEGORIES, image, merge, refusal } from './coco-export.js';

describe('categories', () => {
  it('are identified by name: one name under two ids is one class, a super-category without annotations is not a class', () => {
    const categories = [...CATEGORIES, { id: 9, name: 'nodule' }];
    const images = [image(1, 'a.jpg'), image(2, 'b.jpg')];
    const annotations = [annotation(1), annotation(2, { category_id: 9 })];
    const merged = merge({ 'c.json': { images, annotations, categories } }, ['a.jpg', 'b.jpg']);
    expect(merged.labels).toEqual(['nodule']);
  });

  it('that differ only in case or spacing cause a warning', () => {
    const categories = [
      { id: 1, name: 'White Head' },
      { id: 2, name: 'white_head' },
    ];
    const annotations = [annotation(1), annotation(1, { category_id: 2, bbox: [5, 5, 9, 9] })];
    const merged = merge({ 'c.json': { images: [image(1, 'a.jpg')], annotations, categories } }, ['a.jpg']);
    expect(merged.findings).toMatchObject([{ code: 'LABELS_ALIKE', examples: ['White Head / white_head'] }]);
  });

  it.each([
    ['a name of 256 characters', 'x'.repeat(256), /256 characters/],
    ['no name', '', /no usable name/],
    ['a name of two lines', 'a\nb', /no usable name/],
  ])('with %s are refused with the record', (_what, name, message) => {
    const coco = { images: [image(1, 'a.jpg')], annotations: [annotation(1)], categories: [{ id: 1, name }] };
    const error = refusal({ 'c.json': coco });
    expect(error.type).toBe('CocoInvalid');
    expect(error.message).toMatch(message);
    expect(error.details).toMatchObject({ file: 'c.json', record: 'categories[0]' });
  });
});

describe('a category_id', () => {
  const labelsOf = (more: object) => {
    const coco = { images: [image(1, 'a.jpg')], annotations: [annotation(1, more)], categories: CATEGORIES };
    return merge({ 'c.json': coco }, ['a.jpg']).labels;
  };

  it('may be the name of the category, also under category_name', () => {
    expect(labelsOf({ category_id: 'pustule' })).toEqual(['pustule']);
    expect(labelsOf({ category_id: undefined, category_name: 'pustule' })).toEqual(['pustule']);
  });
});

describe('categories that no annotation uses', () => {
  it.each<[string, object]>([
    ['no name', { id: 9, name: null }],
    ['a name of two lines', { id: 9, name: 'a\nb' }],
    ['a name of 256 characters', { id: 9, name: 'x'.repeat(256) }],
    ['an id that another unused category has too', { id: 2, name: 'other' }],
  ])('are ignored if they have %s', (_what, odd) => {
    const categories = [{ id: 1, name: 'nodule' }, { id: 2, name: 'pustule' }, odd];
    const coco = { images: [image(1, 'a.jpg')], annotations: [annotation(1)], categories };
    expect(merge({ 'c.json': coco }, ['a.jpg']).labels).toEqual(['nodule']);
  });
});

describe('a COCO file with another structure', () => {
  const coco = { images: [image(1, 'a.jpg')], annotations: [annotation(1)], categories: CATEGORIES };
  const asText = (more: object) => JSON.stringify({ ...coco, ...more });

  it.each<[string, object]>([
    ['categories as an object of names', { categories: { 1: 'nodule', 2: 'pustule' } }],
    ['categories as an object of records', { categories: { 1: { name: 'nodule', color: 'red' } } }],
    [
      'annotations as an object',
      { annotations: { 7: annotation(1), 8: annotation(1, { bbox: [5, 5, 9, 9] }) } },
    ],
  ])('is read with %s by id', (_what, more) => {
    const merged = merge({ 'c.json': asText(more) }, ['a.jpg']);
    expect(merged.labels).toEqual(['nodule']);
    expect(merged.images[0]?.boxes[0]).toMatchObject({ label: 'nodule' });
  });

  it('is refused if its categories are bare names, whose ids are not known', () => {
    const error = refusal({ 'c.json': asText({ categories: ['nodule', 'pustule'] }) });
    expect(error.message).toContain('categories[0] ("nodule") is a bare name, so its id is not known');
  });

  it('is refused as JSON Lines if it has one object per line', () => {
    const line = JSON.stringify(coco);
    expect(refusal({ 'coco.json': `${line}\n${line}` }).message).toContain('it is JSON Lines or damaged');
  });
});
