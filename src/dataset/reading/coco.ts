import { parseJsonHead } from '../../lib/json-head.js';
import { asRecord } from '../../lib/json-records.js';
import { visit } from '../../lib/steps.js';
import { DatasetError } from '../model/errors.js';
import { EXPORT_FROM_TOOLS } from '../model/other-formats.js';
import type { ReadingSettings } from '../model/settings.js';
import { addAnnotations } from './annotation-pass.js';
import { numberCategories } from './bare-categories.js';
import { Categories, definedLabels } from './categories.js';
import { CategoryMember, categoryRecords, namedBySupercategory } from './category-names.js';
import { wrapperIn } from './coco-members.js';
import { creationOf } from './created-at.js';
import { invalidUtf8At, likelyCodePage, toUtf8 } from './encoding.js';
import { NO_VERDICT, type Verdict } from './evidence.js';
import { type CocoImage, readImages } from './image-records.js';
import { inconsistencyOf } from './inconsistency.js';
import { otherFormatOf } from './json-dialects.js';
import { JsonScanner } from './json-scanner.js';
import type { AnnotationFault } from './misnamed.js';

/** One COCO file with its ids resolved: they have no meaning outside it. */
export interface CocoFile {
  readonly path: string;
  readonly images: readonly CocoImage[];
  /** Classes that the file defines, with or without annotations. */
  readonly defined: readonly string[];
  /** Annotations whose image_id does not belong to an image of the file. */
  readonly orphans: number;
  /** The first image_ids of these annotations, at most MAX_EXAMPLES. */
  readonly orphanIds: readonly string[];
  /** The first category_ids of annotations that the file does not define, at most MAX_EXAMPLES. */
  readonly undefinedIds: readonly string[];
  /** What annotations have instead of the members that COCO needs. */
  readonly faults: readonly AnnotationFault[];
  /** Whether any image has a usable box; files with captions or keypoints may have none. */
  readonly hasBoxes: boolean;
  /** Whether most of the boxes have the score of a model: the file is the output of a model, not a set of labels. */
  readonly isPredicted: boolean;
  /** When the file says that it was created, in milliseconds since 1970; undefined if it does not. */
  readonly createdAt: number | undefined;
  /** The ids of all usable categories. */
  readonly categoryIds: readonly string[];
  /** Image records that cannot be used, each with what is wrong. No annotation refers to them. */
  readonly unusableRecords: readonly string[];
  /** The names of the categories without an id, as JSON. */
  readonly categoriesWithoutId: readonly string[];
  /** Categories whose names only repeat their ids, with the names of their super-categories. */
  readonly renamedCategories: readonly string[];
  /** Names that several categories have that annotations use, with their ids. */
  readonly repeatedCategories: readonly string[];
  /** Class names that were joined because a person sees them as the same, with the boxes of each. */
  readonly spellings: readonly Spelling[];
  /** Categories that are bare names, with the ids that follow from the annotations. */
  readonly numberedCategories: readonly string[];
  /** Why the boxes cannot be used: their numbers contradict each other, and nothing shows which are right. */
  readonly inconsistency: DatasetError | undefined;
}

/** A class name that was replaced by another one, or has replaced others. */
export interface Spelling {
  /** The class that the name was read as. */
  readonly label: string;
  readonly name: string;
  readonly boxes: number;
}

const LIST_NAMES = ['images', 'annotations', 'categories'] as const;
export type ListName = (typeof LIST_NAMES)[number];

/** An element of a list, or the text of `info`. */
interface Element {
  readonly list: ListName | 'info';
  readonly value: unknown;
}

/**
 * Reads a JSON file as COCO. Returns undefined if it is another kind of JSON (no `images` or no `annotations` list).
 * Annotations, the bulk of such a file, are parsed one by one in a second pass and kept as boxes only. Yields regularly.
 * @throws DatasetError CocoInvalid if it is COCO but broken as a whole
 */
export function* readCocoFile(
  path: string,
  json: Uint8Array,
  settings: ReadingSettings,
): Generator<undefined, CocoFile | undefined> {
  const bytes = toUtf8(json);
  const invalidAt = yield* invalidUtf8At(bytes);
  const found: Record<Element['list'], unknown[]> = { images: [], annotations: [], categories: [], info: [] };
  const { images: records, categories: defined } = found;
  const collect = ({ list, value }: Element) => found[list].push(value);
  let lists: ReadonlySet<ListName>;
  let root: string | undefined;
  try {
    const read = () => visit(scan(path, bytes, ['images', 'categories', 'info'], root), collect);
    lists = yield* read();
    root = lists.size === 0 ? wrapperOf(bytes) : undefined;
    if (root !== undefined) lists = yield* read();
  } catch (error) {
    const format = otherFormatOf(bytes);
    if (format)
      throw new DatasetError('CocoInvalid', `${path} ${format.what}. ${format.advice}`, { file: path });
    throw invalidAt === undefined ? error : notUtf8(path, bytes, invalidAt);
  }
  if (!lists.has('images') || !lists.has('annotations')) return undefined;
  if (invalidAt !== undefined) throw notUtf8(path, bytes, invalidAt);
  const annotations = () => valuesOf(scan(path, bytes, ['annotations'], root));
  const named = namedBySupercategory(categoryRecords(path, defined));
  const numbered = yield* numberCategories(path, named.categories, annotations);
  const categories = new Categories(path, numbered.categories);
  const read = function* (verdict: Verdict) {
    const images = readImages(path, records);
    return { images, pass: yield* addAnnotations(annotations(), images, { categories, settings, verdict }) };
  };
  let { images, pass } = yield* read(NO_VERDICT);
  const { verdict } = pass;
  // Only a whole pass shows how a file is written, and keeping each bbox until then would cost memory in all other files.
  if (verdict.isNeeded) ({ images, pass } = yield* read(verdict));
  const { orphans, orphanIds, undefinedIds, faults } = pass;
  const list = [...images.images.values()];
  const boxes = list.reduce((sum, image) => sum + image.boxes.length, 0);
  const predicted = list.reduce((sum, image) => sum + image.predicted, 0);
  return {
    ...{ path, images: list, defined: definedLabels(numbered.categories) },
    ...{ hasBoxes: boxes > 0, isPredicted: predicted > boxes / 2, createdAt: creationOf(found.info) },
    ...{ orphans, orphanIds, undefinedIds, faults },
    categoryIds: categories.ids,
    unusableRecords: images.unusable.map(({ what }) => what),
    categoriesWithoutId: categories.withoutId,
    spellings: [],
    renamedCategories: named.renamed,
    repeatedCategories: categories.repeated,
    numberedCategories: numbered.countedFrom === undefined ? [] : categories.described,
    inconsistency: inconsistencyOf(path, verdict, pass),
  };
}

/** Which of COCO's lists a JSON file has. Yields regularly. */
export function* listsOf(path: string, json: Uint8Array): Generator<undefined, ReadonlySet<ListName>> {
  return yield* visit(scan(path, toUtf8(json), []), () => undefined);
}

function* valuesOf(elements: Iterable<Element>): Generator<unknown> {
  for (const { value } of elements) yield value;
}

function notUtf8(path: string, bytes: Uint8Array, at: number): DatasetError {
  const page = likelyCodePage(bytes, at);
  const byte = (bytes[at] ?? 0).toString(16).toUpperCase().padStart(2, '0');
  return new DatasetError(
    'CocoInvalid',
    `${path} is not UTF-8: byte ${at} of ${bytes.length} is 0x${byte}.${page === undefined ? '' : ` The text looks like ${page}.`} Save the file as UTF-8 and export again.`,
    { file: path, record: `byte ${at}` },
  );
}

const COCO_MEMBERS: ReadonlySet<string> = new Set([
  'info',
  'licenses',
  'images',
  'annotations',
  'categories',
]);
const COCO_NAME = /(?:annotations|coco|instances)[^/]*\.json$/i;
/** Bytes at the start of a file in which its list of images is expected if the file is not JSON from the first byte. */
const HEAD_BYTES = 16 * 1024;
/** Bytes of `info` that are read. */
const MAX_INFO_BYTES = 16 * 1024;
const LIST_OF_IMAGES = /"images"\s*:\s*[[{]/;

/** The member of the top level that holds the only COCO object, as far as the beginning of the file shows. */
function wrapperOf(bytes: Uint8Array): string | undefined {
  const head = parseJsonHead(new TextDecoder().decode(bytes.subarray(0, HEAD_BYTES)));
  return wrapperIn(asRecord(head?.value));
}

/**
 * Yields the elements of the wanted lists. Returns which of COCO's lists the file has.
 * @param root the member that holds the COCO object; undefined for the top level. If other members hold one too, no
 *   lists are returned.
 */
function* scan(
  path: string,
  bytes: Uint8Array,
  wanted: readonly Element['list'][],
  root?: string,
): Generator<Element, ReadonlySet<ListName>> {
  let lists = new Set<ListName>();
  let others = 0;
  const isNamedCoco = COCO_NAME.test(path);
  let isCoco =
    isNamedCoco || LIST_OF_IMAGES.test(Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString('utf8'));
  const scanner = new JsonScanner(path, bytes);
  try {
    const entered = scanner.enter();
    // Lists are detections or other exports, in which `annotations` has another meaning.
    if (entered !== 'object') isCoco = false;
    if (entered === undefined) return lists;
    for (const [key, parent] of membersBelow(scanner, root)) {
      isCoco ||= key === 'images' || (entered === 'object' && COCO_MEMBERS.has(key));
      const list = LIST_NAMES.find((name) => name === key && isList(name, scanner));
      if (parent !== root) {
        if (list) others += 1;
        scanner.skip();
        continue;
      }
      if (list && lists.has(list)) throw repeatedList(path, list);
      if (list) lists.add(list);
      if (list && wanted.includes(list)) for (const value of valuesIn(list, scanner)) yield { list, value };
      else if (key === 'info' && wanted.includes(key))
        yield { list: key, value: scanner.skipped(MAX_INFO_BYTES) };
      else scanner.skip();
    }
    if (others > 0) lists = new Set();
    const rest = scanner.rest(entered);
    const hasBoth = lists.has('images') && lists.has('annotations');
    if (rest === 'nothing') return lists;
    isCoco = hasBoth || (rest === 'lines' && isNamedCoco);
    throw severalObjects(path, rest);
  } catch (error) {
    // Archives may contain settings with comments, JSON lines and the like; these have no annotations to lose.
    if (isCoco) throw error;
    return new Set();
  }
}

/** Yields the members of the top level, or with `root` those of all objects in it, each with the name of its object. */
function* membersBelow(
  scanner: JsonScanner,
  root: string | undefined,
): Generator<readonly [key: string, parent: string | undefined]> {
  for (const key of scanner.members()) {
    if (root === undefined) yield [key, undefined];
    else if (scanner.isObject()) for (const inner of scanner.members()) yield [inner, key];
    else scanner.skip();
  }
}

/** Whether the next value is the list, which may also be an object by id. Annotations may be null if there are none. */
function isList(list: ListName, scanner: JsonScanner): boolean {
  if (scanner.isArray()) return true;
  if (list === 'images') return scanner.isObjectOfObjects();
  return scanner.isObject() || (list === 'annotations' && scanner.isNull());
}

function* valuesIn(list: ListName, scanner: JsonScanner): Generator<unknown> {
  if (scanner.isArray()) for (const value of scanner.elements()) yield* recordsIn(value);
  else if (scanner.isNull()) scanner.skip();
  else
    for (const id of scanner.members()) {
      const value = scanner.value();
      if (list === 'annotations') yield* recordsIn(value);
      else yield list === 'categories' ? new CategoryMember(id, value) : { id, ...asRecord(value) };
    }
}

/** Some exporters put the records of an image into a list within the list. */
const recordsIn = (value: unknown): readonly unknown[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'object' && one !== null) ? value : [value];

function severalObjects(path: string, rest: 'lines' | 'elements'): DatasetError {
  const what =
    rest === 'lines'
      ? `is JSON Lines, with one JSON object per line. COCO is one object with the lists images, annotations and categories. Export in COCO format. ${EXPORT_FROM_TOOLS}`
      : 'is a list of several COCO objects. Write each into a JSON file of its own.';
  return new DatasetError('CocoInvalid', `${path} ${what}`, { file: path });
}

function repeatedList(path: string, list: ListName): DatasetError {
  return new DatasetError(
    'CocoInvalid',
    `${path} has the list ${list} twice, so it is ambiguous which one counts. Export it again.`,
    { file: path, record: list },
  );
}
