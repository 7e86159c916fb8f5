import { describe, expect, it } from '@jest/globals';
import { annotation, image, merge, refusal } from './coco-export.js';

const named = (...names: readonly string[]) => names.map((name, index) => ({ id: index + 1, name }));

/** One image per category_id. */
const cocoOf = (categories: readonly object[], ids: readonly (string | number)[]) => ({
  images: ids.map((_, index) => image(index, `${index}.jpg`)),
  annotations: ids.map((id, index) => annotation(index, { category_id: id })),
  categories,
});

function labels(categories: readonly object[], ids: readonly (string | number)[]) {
  const merged = merge(
    { 'c.json': cocoOf(categories, ids) },
    ids.map((_, index) => `${index}.jpg`),
  );
  return merged.images.map(({ boxes }) => boxes[0]?.label);
}

describe('category names that look like ids', () => {
  it.each([
    ['with the same numbers in another order', named('1', '2', '3', '0'), ['0', '1', '2', '3']],
    ['that are one less than the ids', named('0', '1', '2', '3'), ['0', '1', '2', '3']],
    ['with words among them', named('2', '1', 'cone'), ['1', '2', 'cone']],
  ])('category_ids as text are read as names %s', (_what, categories, ids) => {
    expect(labels(categories, ids)).toEqual(ids);
  });

  it.each([
    ['each is an id as well', named('2', '1'), ['1', '2'], ['2', '1']],
    ['some are no names', named('2', '1', '0'), ['1', '2', '3'], ['2', '1', '0']],
    ['they are numbers', named('3', '4', '5'), [1, 2, 3], ['3', '4', '5']],
  ])('category_ids are read as ids if %s', (_what, categories, ids, expected) => {
    expect(labels(categories, ids)).toEqual(expected);
  });

  it('category_ids that are numbers and shifted by one are refused, also if they are names', () => {
    const error = refusal({ 'c.json': cocoOf(named('1', '2', '0'), [0, 1, 2]) }, ['0.jpg', '1.jpg', '2.jpg']);
    expect(error.message).toContain('seem to be shifted by one');
  });
});
