import { asRecord, idOf } from '../../lib/json-records.js';
import type { Steps } from '../../lib/steps.js';
import type { Annotations } from './annotation-pass.js';
import { categoryIdOf } from './annotations.js';

/**
 * Returns the categories with their names as ids if annotations refer to them by name and names look like ids, such as
 * the digits "0" to "9": each category_id is text and the name of one category, and some are no id. Returns other
 * categories as they are. Yields regularly.
 */
export function* identifiedByName(
  categories: readonly unknown[],
  annotations: Annotations,
): Steps<readonly unknown[]> {
  const records = categories.map(asRecord);
  const names = new Set(records.map(({ name }) => name));
  const ids = new Set(records.map(({ id }) => idOf(id)));
  const areNumbered = records.every(({ id }) => typeof id === 'number');
  const areAlike = records.some(({ name }) => typeof name === 'string' && /^\d+$/.test(name));
  if (!areNumbered || !areAlike || names.size < records.length) return categories;
  let [areNames, areIds] = [true, true];
  yield* annotations((value) => {
    const annotation = asRecord(value);
    const id = categoryIdOf(annotation);
    areNames &&= id !== undefined && typeof annotation.category_id !== 'number' && names.has(id);
    areIds &&= ids.has(id);
  });
  return areNames && !areIds ? records.map((record) => ({ ...record, id: record.name })) : categories;
}
