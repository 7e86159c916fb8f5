import { asRecord, idOf } from '../../lib/json-records.js';
import { DatasetError } from '../model/errors.js';
import { SERVICE_LIMITS } from '../model/service-limits.js';

/**
 * The names of a COCO file's categories by id. Names stay as they are written: those that differ only in case or
 * spacing are warned about, since only a person knows whether they mean the same.
 * @throws DatasetError CocoInvalid
 */
export function readCategories(path: string, categories: readonly unknown[]): Map<string, string> {
  const labels = new Map<string, string>();
  for (const [index, category] of categories.entries()) {
    const fields = asRecord(category);
    const name = typeof fields.name === 'number' ? String(fields.name) : fields.name;
    const record = `categories[${index}]`;
    const refuse = (what: string): never => {
      throw new DatasetError('CocoInvalid', `${path}: ${record} ${what}`, { file: path, record });
    };
    if (typeof name !== 'string' || name.trim() === '' || /[\r\n]/.test(name)) {
      return refuse('has no usable name. Name the class and export again.');
    }
    if (name.length > SERVICE_LIMITS.labelCharacters) {
      refuse(
        `has a name of ${name.length} characters; the service takes ${SERVICE_LIMITS.labelCharacters}. Shorten it.`,
      );
    }
    const id = idOf(fields.id);
    if (id === undefined) return refuse('has no id. Export it again.');
    const other = labels.get(id);
    if (other !== undefined && other !== name) {
      refuse(`(${JSON.stringify(name)}) has the id ${id}, as ${JSON.stringify(other)} has. Export it again.`);
    }
    labels.set(id, name);
  }
  return labels;
}

/** The names of the categories that stand for themselves: the dummy above others that Roboflow writes is none. */
export function definedLabels(categories: readonly unknown[]): string[] {
  const fields = categories.map(asRecord);
  const above = new Set(fields.map(({ supercategory }) => supercategory));
  return fields.map(({ name }) => String(name)).filter((name) => !above.has(name));
}
