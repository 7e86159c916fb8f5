import { asRecord, idOf } from '../../lib/json-records.js';
import { DatasetError } from '../model/errors.js';

/** A member of `categories` that is an object instead of a list. */
export class CategoryMember {
  constructor(
    readonly key: string,
    readonly value: unknown,
  ) {}
}

/**
 * Turns the members of an object into category records. The object leads from ids to names or records, or from names to
 * ids: the side that consists of numbers is the id. Other categories are returned as they are.
 * @throws DatasetError CocoInvalid if both sides are numbers
 */
export function categoryRecords(path: string, categories: readonly unknown[]): readonly unknown[] {
  const members = categories.filter((category) => category instanceof CategoryMember);
  const isByName = members.length > 0 && members.every(({ value }) => isNumber(value));
  if (isByName && members.every(({ key }) => isNumber(key))) {
    if (members.some(({ key, value }) => key !== String(value))) throw bothNumbers(path, members);
    return members.map(({ key }) => ({ id: key, name: key }));
  }
  return categories.map((category) => {
    if (!(category instanceof CategoryMember)) return category;
    const { key, value } = category;
    if (isByName) return { id: value, name: key };
    if (typeof value === 'string' || typeof value === 'number') return { id: key, name: value };
    const { name, category_name: other, ...record } = asRecord(value);
    return name === undefined && other === undefined && !isNumber(key)
      ? { ...record, name: key }
      : { id: key, ...asRecord(value) };
  });
}

const isNumber = (value: unknown) =>
  typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(value));

function bothNumbers(path: string, [member]: readonly CategoryMember[]): DatasetError {
  const [key, value] = [member?.key ?? '', String(member?.value)];
  return new DatasetError(
    'CocoInvalid',
    `${path}: the categories are pairs of numbers such as ${JSON.stringify(key)}: ${value}, so it is ambiguous which one is the id. Write each category as {"id": ${key}, "name": "…"}.`,
    { file: path, record: 'categories' },
  );
}

/** Categories, and those of them that were named by their super-category, each as `1 = crack`. */
export interface NamedCategories {
  readonly categories: readonly unknown[];
  readonly renamed: readonly string[];
}

/**
 * Names categories whose names only repeat their ids by their super-categories, if each has one of its own: some tools
 * write the name there. Other categories are returned as they are.
 */
export function namedBySupercategory(categories: readonly unknown[]): NamedCategories {
  const records = categories.map(asRecord).map((record) => {
    const { id, name, supercategory: above } = record;
    const isNamedElsewhere = idOf(id) === idOf(name) && isNumber(name) && isName(above);
    return { record, id: idOf(id), above: isNamedElsewhere ? above.trim() : undefined };
  });
  const names = new Set(records.map(({ above }) => above));
  if (names.has(undefined) || names.size < records.length) return { categories, renamed: [] };
  return {
    categories: records.map(({ record: { supercategory: _above, ...record }, above }) => ({
      ...record,
      name: above,
    })),
    renamed: records.map(({ id, above }) => `${id} = ${above}`),
  };
}

/** Whether a super-category can be the name of a class. */
const isName = (value: unknown): value is string =>
  typeof value === 'string' && /\p{L}/u.test(value) && !/^(?:none|null|root|default)$/i.test(value.trim());
