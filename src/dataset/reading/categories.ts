import { asRecord, idOf } from '../../lib/json-records.js';
import { DatasetError } from '../model/errors.js';
import { SERVICE_LIMITS } from '../model/service-limits.js';

/** The categories of a COCO file. */
export class Categories {
  readonly #labels = new Map<string, string>();
  readonly #names = new Set<string>();
  /** Categories without a usable name or with a repeated id, by id. Only an annotation that uses one is an error. */
  readonly #unusable = new Map<string, DatasetError>();

  /** @throws DatasetError CocoInvalid if a category has no id, so that it is not known which annotations use it */
  constructor(path: string, categories: readonly unknown[]) {
    for (const [index, category] of categories.entries()) {
      const record = `categories[${index}]`;
      const error = (what: string) =>
        new DatasetError('CocoInvalid', `${path}: ${record} ${what}`, { file: path, record });
      const id = idOf(asRecord(category).id);
      if (typeof category === 'string') {
        throw error(
          `(${JSON.stringify(category)}) is a bare name, so its id is not known. Write each category as {"id": 1, "name": "…"}.`,
        );
      }
      if (id === undefined) throw error('has no id. Export it again.');
      this.#add(id, nameOf(category), error);
    }
  }

  #add(id: string, name: unknown, error: (what: string) => DatasetError): void {
    const problem = problemOf(name);
    if (typeof name !== 'string' || problem !== undefined) {
      this.#unusable.set(id, error(problem ?? NO_NAME));
      return;
    }
    const other = this.#labels.get(id);
    if (other !== undefined && other !== name) {
      const names = `(${JSON.stringify(name)}) has the id ${id}, which ${JSON.stringify(other)} has too`;
      this.#unusable.set(id, error(`${names}. Export it again.`));
    }
    this.#labels.set(id, name);
    this.#names.add(name);
  }

  /**
   * The name of the category with this id, as it is written: names that differ only in case or spacing cause a warning,
   * since only a person knows whether they mean the same. Some exporters write the name in place of the id. Undefined if
   * there is no such category.
   * @throws DatasetError CocoInvalid if the category has no usable name, or shares its id with another
   */
  labelOf(id: string): string | undefined {
    const unusable = this.#unusable.get(id);
    if (unusable) throw unusable;
    return this.#labels.get(id) ?? (this.#names.has(id) ? id : undefined);
  }
}

const NO_NAME = 'has no usable name. Name the class and export again.';

function problemOf(name: unknown): string | undefined {
  if (typeof name !== 'string' || name.trim() === '' || /[\r\n]/.test(name)) return NO_NAME;
  const maximum = SERVICE_LIMITS.labelCharacters;
  if (name.length <= maximum) return undefined;
  return `has a name of ${name.length} characters; the maximum is ${maximum}. Shorten it.`;
}

function nameOf(category: unknown): unknown {
  const { name, category_name: other } = asRecord(category);
  const given = name ?? other;
  return typeof given === 'number' ? String(given) : given;
}

/** Returns the names of the categories that are classes: a super-category of others, as Roboflow writes it, is not. */
export function definedLabels(categories: readonly unknown[]): string[] {
  const above = new Set(categories.map((category) => asRecord(category).supercategory));
  return categories
    .map(nameOf)
    .filter((name) => typeof name === 'string')
    .filter((name) => problemOf(name) === undefined && !above.has(name));
}

/** Some tools write `categories` as an object from ids to names or records. Returns them as a list of records. */
export function categoriesOf(byId: unknown): object[] {
  return Object.entries(asRecord(byId)).map(([id, value]) =>
    typeof value === 'string' || typeof value === 'number' ? { id, name: value } : { id, ...asRecord(value) },
  );
}
