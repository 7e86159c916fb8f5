import { asRecord, idOf } from '../../lib/json-records.js';
import { DatasetError } from '../model/errors.js';
import { SERVICE_LIMITS } from '../model/service-limits.js';

/**
 * Returns the names of a COCO file's categories by id. Names stay as they are written: names that differ only in case
 * or spacing cause a warning, since only a person knows whether they mean the same.
 * @throws DatasetError CocoInvalid
 */
export function readCategories(path: string, categories: readonly unknown[]): Map<string, string> {
  const labels = new Map<string, string>();
  for (const [index, category] of categories.entries()) {
    const fields = asRecord(category);
    const name = nameOf(category);
    const record = `categories[${index}]`;
    const refuse = (what: string): never => {
      throw new DatasetError('CocoInvalid', `${path}: ${record} ${what}`, { file: path, record });
    };
    if (typeof name !== 'string' || name.trim() === '' || /[\r\n]/.test(name)) {
      return refuse('has no usable name. Name the class and export again.');
    }
    if (name.length > SERVICE_LIMITS.labelCharacters) {
      refuse(
        `has a name of ${name.length} characters; the maximum is ${SERVICE_LIMITS.labelCharacters}. Shorten it.`,
      );
    }
    const id = idOf(fields.id);
    if (id === undefined) return refuse('has no id. Export it again.');
    const other = labels.get(id);
    if (other !== undefined && other !== name) {
      refuse(
        `(${JSON.stringify(name)}) has the id ${id}, which ${JSON.stringify(other)} has too. Export it again.`,
      );
    }
    labels.set(id, name);
  }
  return labels;
}

function nameOf(category: unknown): unknown {
  const { name, category_name: other } = asRecord(category);
  const given = name ?? other;
  return typeof given === 'number' ? String(given) : given;
}

/** Returns the names of the categories that are classes: a super-category of others, as Roboflow writes it, is not. */
export function definedLabels(categories: readonly unknown[]): string[] {
  const above = new Set(categories.map((category) => asRecord(category).supercategory));
  return categories.map((category) => String(nameOf(category))).filter((name) => !above.has(name));
}
