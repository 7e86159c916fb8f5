import { groupBy } from '../../lib/group-by.js';
import { asRecord, idOf } from '../../lib/json-records.js';
import { byCodePoint } from '../../lib/order.js';
import { shortJson } from '../../lib/short-json.js';
import { DatasetError } from '../model/errors.js';
import { visibleName } from '../model/label-look.js';
import { SERVICE_LIMITS } from '../model/service-limits.js';
import { type Fault, faultOf } from './misnamed.js';
import { PlainIds } from './plain-ids.js';

/** The categories of a COCO file. */
export class Categories {
  readonly #labels = new Map<string, string>();
  readonly #names = new Set<string>();
  /** Names that other categories have as their super-category. */
  readonly #above: ReadonlySet<unknown>;
  /** The ids that annotations use. */
  readonly #used = new Set<string>();
  /** Categories without a usable name or with a repeated id, by id. Only an annotation that uses one is an error. */
  readonly #unusable = new Map<string, DatasetError>();
  readonly #plain = new PlainIds(() => new Set([...this.#labels.keys(), ...this.#unusable.keys()]));

  /** Categories without an id, which an annotation can only use by name. */
  readonly withoutId: readonly string[];
  readonly #firstWithoutId: DatasetError | undefined;

  constructor(path: string, categories: readonly unknown[]) {
    const withoutId: string[] = [];
    let firstWithoutId: DatasetError | undefined;
    for (const [index, category] of categories.entries()) {
      const record = `categories[${index}]`;
      const error = (what: string) =>
        new DatasetError('CocoInvalid', `${path}: ${record} ${what}`, { file: path, record });
      const id = idOf(asRecord(category).id);
      const name = typeof category === 'string' ? withoutLineEnds(category) : nameOf(category);
      if (id !== undefined) {
        this.#add(id, name, (what) => error(what === NO_NAME ? noName(category) : what));
        continue;
      }
      if (typeof name === 'string' && problemOf(name) === undefined) this.#names.add(name);
      withoutId.push(shortJson(name));
      firstWithoutId ??= error(sentenceOf(faultOf(category, 'id')));
    }
    this.#above = new Set(
      categories
        .map(asRecord)
        .flatMap((one) => (one.supercategory === nameOf(one) ? [] : [one.supercategory])),
    );
    this.withoutId = withoutId;
    this.#firstWithoutId = firstWithoutId;
  }

  /** The categories with a usable name, each as `1 = nodule`. */
  get described(): readonly string[] {
    return [...this.#labels].map(([id, label]) => `${id} = ${label}`);
  }

  /** The ids of the categories with a usable name, in the order of the file. */
  get ids(): readonly string[] {
    return [...this.#labels.keys()];
  }

  /**
   * The ids of the categories with a usable name that are classes, in the order of the file: neither the super-category of
   * another nor a placeholder for the background.
   */
  get classIds(): readonly string[] {
    return [...this.#labels].flatMap(([id, label]) =>
      this.#above.has(label) || isBackground(label) ? [] : [id],
    );
  }

  /** Whether a category that is not the super-category of another has this name. */
  isClassName(name: string): boolean {
    return this.#names.has(name) && !this.#above.has(name);
  }

  /** The names that several categories have that annotations use, each as `crack: 1, 2`. */
  get repeated(): readonly string[] {
    const byLabel = groupBy([...this.#used].sort(byCodePoint), (id) => this.#labels.get(id) ?? id);
    return [...byLabel].flatMap(([label, ids]) => (ids.length > 1 ? [`${label}: ${ids.join(', ')}`] : []));
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
      this.#unusable.set(
        id,
        error(`${names}. Give each category an id of its own and write it into its annotations.`),
      );
    }
    this.#labels.set(id, name);
    this.#names.add(name);
  }

  /**
   * The name of the category with this id, as it is written: names that differ only in case or spacing cause a warning,
   * since only a person knows whether they mean the same. Some exporters write the name in place of the id. Undefined if
   * there is no such category.
   * @throws DatasetError CocoInvalid if the category has no usable name, or shares its id with another, or if no category
   * of the file has an id
   */
  labelOf(written: string): string | undefined {
    const id = this.definedId(written) ?? written;
    const unusable = this.#unusable.get(id);
    if (unusable) throw unusable;
    if (this.#labels.has(id)) this.#used.add(id);
    const label = this.#labels.get(id) ?? this.#writtenName(id);
    if (label === undefined && this.#labels.size === 0 && this.#firstWithoutId) throw this.#firstWithoutId;
    return label;
  }

  #writtenName(written: string): string | undefined {
    const name = withoutLineEnds(written);
    return this.#names.has(name) ? name : undefined;
  }

  /** The id of the category that an annotation means, which may be written differently; undefined if none has it. */
  definedId(written: string | undefined): string | undefined {
    if (written === undefined || this.#labels.has(written) || this.#unusable.has(written)) return written;
    return this.#names.has(written) ? undefined : this.#plain.find(written);
  }
}

/** Names that tools give to the category with the id 0, which has no objects. */
const BACKGROUND = /^(?:back[\s_-]?ground|bg|n\/?a|none|ignored?|void|unlabell?ed)$/i;

const isBackground = (label: string) => BACKGROUND.test(label.replace(/^[\s_]+|[\s_]+$/g, ''));

const NO_NAME = 'has no usable name. Name the class and export again.';

const sentenceOf = ({ what, advice }: Fault) => `${what}. ${advice}`;

/** A category without a name may have it under another member. */
function noName(category: unknown): string {
  return nameOf(category) === undefined && typeof category === 'object' && category !== null
    ? sentenceOf(faultOf(category, 'name'))
    : NO_NAME;
}

function problemOf(name: unknown): string | undefined {
  if (typeof name !== 'string' || visibleName(name) === '') return NO_NAME;
  if (LINE_BREAK.test(name)) {
    return 'has no usable name, since there is a line break in it. Remove the line break and export again.';
  }
  const maximum = SERVICE_LIMITS.labelCharacters;
  if (name.length <= maximum) return undefined;
  return `has a name of ${name.length} characters; the maximum is ${maximum}. Shorten it.`;
}

function nameOf(category: unknown): unknown {
  const { name, category_name: other } = asRecord(category);
  const given = name ?? other;
  if (typeof given === 'number') return String(given);
  return typeof given === 'string' ? withoutLineEnds(given) : given;
}

const LINE_BREAK = /[\r\n]/;

/** A name without line breaks around it, which scripts keep that read the names from the lines of a file. */
function withoutLineEnds(name: string): string {
  const inner = name.trim();
  return LINE_BREAK.test(name) && !LINE_BREAK.test(inner) ? inner : name;
}

/** Returns the names of the categories that are classes: a super-category of others, as Roboflow writes it, is not. */
export function definedLabels(categories: readonly unknown[]): string[] {
  const above = new Set(categories.map((category) => asRecord(category).supercategory));
  return categories
    .map(nameOf)
    .filter((name) => typeof name === 'string')
    .filter((name) => problemOf(name) === undefined && !above.has(name));
}
