import { asRecord } from '../../lib/json-records.js';
import { toNumber } from '../../lib/numbers.js';
import type { Steps } from '../../lib/steps.js';
import { DatasetError } from '../model/errors.js';
import type { Annotations } from './annotation-pass.js';
import { categoryIdOf } from './annotations.js';

/** The categories of a COCO file as records with ids. */
export interface NumberedCategories {
  readonly categories: readonly unknown[];
  /** The id of the first category, if all are bare names and annotations use their ids. */
  readonly countedFrom?: 0 | 1;
}

/**
 * Gives ids to categories that are all bare names, such as `["bolt", "nut"]`, if the category_ids of the annotations
 * allow one numbering only. Returns other categories as they are. Yields regularly.
 * @throws DatasetError CocoInvalid if the annotations allow both numberings, or none
 */
export function* numberCategories(
  path: string,
  categories: readonly unknown[],
  annotations: Annotations,
): Steps<NumberedCategories> {
  const names = categories.filter((category) => typeof category === 'string');
  if (names.length === 0 || names.length < categories.length) return { categories };
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  yield* annotations((value) => {
    const id = toNumber(categoryIdOf(asRecord(value)));
    if (id === undefined) return;
    least = Math.min(least, id);
    most = Math.max(most, id);
  });
  const withIds = (first: number) => names.map((name, index) => ({ id: index + first, name }));
  // Annotations that name their categories, or no annotations at all, use no ids.
  if (least > most) return { categories: withIds(1) };
  const countedFrom = firstId(least, most, names.length);
  if (countedFrom === undefined) throw unclear(path, names, least, most);
  return { categories: withIds(countedFrom), countedFrom };
}

function firstId(least: number, most: number, names: number): 0 | 1 | undefined {
  if (least === 0 && most < names) return 0;
  return least >= 1 && most === names ? 1 : undefined;
}

function unclear(path: string, names: readonly string[], least: number, most: number): DatasetError {
  const count = names.length;
  const isEither = least >= 1 && most < count;
  const nameAt = (index: number) => JSON.stringify(names[index]?.slice(0, 60));
  const why = isEither
    ? `fit ids from 0 to ${count - 1}, where ${most} means ${nameAt(most)}, and ids from 1 to ${count}, where ${most} means ${nameAt(most - 1)}`
    : `fit neither ids from 0 to ${count - 1} nor ids from 1 to ${count}`;
  return new DatasetError(
    'CocoInvalid',
    `${path}: the categories are bare names without ids, and the category_ids of the annotations (${least} to ${most}) ${why}. Write each category as {"id": 1, "name": "…"}.`,
    { file: path, record: 'categories' },
  );
}
