import { asRecord } from '../../lib/json-records.js';
import type { Steps } from '../../lib/steps.js';
import { tryParseJson } from '../../lib/try-parse-json.js';
import { DatasetError } from '../model/errors.js';
import { EXPORT_FROM_TOOLS } from '../model/other-formats.js';
import { MAX_MEMBERS, type ReadingBudget } from './budget.js';
import { CategoryMember } from './category-names.js';
import { declaresFormat } from './declared-format.js';
import { ImageReader } from './image-records.js';
import { JsonScanner } from './json-scanner.js';
import type { JsonText } from './json-text.js';
import { EXPORT_AGAIN, JsonError } from './json-value.js';

const LIST_NAMES = ['images', 'annotations', 'categories'] as const;
export type ListName = (typeof LIST_NAMES)[number];

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
/** Bytes of a declaration that are read. */
const MAX_DECLARED_BYTES = 256;
const LIST_OF_IMAGES = /"images"\s*:\s*[[{]/;

/** One pass over a JSON file that may be COCO. It reads everything but the annotations, which are the bulk of the file. */
export class CocoScan {
  isCoco: boolean;
  /** Which of COCO's lists the file has. */
  lists: ReadonlySet<ListName> = new Set();
  readonly images: ImageReader;
  readonly categories: unknown[] = [];
  /** The beginning of the text of `info`. */
  info = '';
  /** Members of the top level that declare how boxes are written. */
  readonly declared: Record<string, unknown> = {};
  /** The number of annotations; 1 if there are none. */
  annotations = 1;
  /** Offset of the list of annotations in the file as UTF-8. */
  annotationsAt = 0;
  /** The beginning of the file. */
  head = '';
  readonly #scanner: JsonScanner;
  readonly #path: string;
  readonly #found = new Set<ListName>();
  #members = 0;
  #others = 0;

  /**
   * @param root the member that holds the COCO object; undefined for the top level. If other members hold one too, no
   *   lists are found.
   */
  constructor(
    text: JsonText,
    private readonly budget: ReadingBudget,
    private readonly root: string | undefined,
  ) {
    this.#path = text.file.path;
    this.#scanner = new JsonScanner(text);
    this.images = new ImageReader(this.#path);
    this.isCoco = COCO_NAME.test(this.#path);
  }

  /**
   * Reads the file to its end, or to a problem, which it returns. Archives may contain settings with comments, JSON lines
   * and the like; these have no annotations to lose, so that the problem counts only if `isCoco` is true.
   * @throws DatasetError ArchiveUnsafe if the file exceeds the budget, and errors of the source
   */
  *run(): Steps<JsonError | DatasetError | undefined> {
    try {
      yield* this.#walk();
      return undefined;
    } catch (error) {
      if (error instanceof JsonError) return error;
      if (error instanceof DatasetError && error.type === 'CocoInvalid') return error;
      throw error;
    }
  }

  *#walk(): Steps<void> {
    const scanner = this.#scanner;
    const isNamedCoco = this.isCoco;
    this.head = yield* scanner.ahead(HEAD_BYTES);
    this.isCoco ||= LIST_OF_IMAGES.test(this.head);
    const entered = yield* scanner.enter();
    // Lists are detections or other exports, in which `annotations` has another meaning.
    if (entered !== 'object') this.isCoco = false;
    if (entered === undefined) return;
    yield* this.#readMembers(entered);
    const rest = yield* scanner.rest(entered);
    const found = this.#others > 0 ? new Set<ListName>() : this.#found;
    if (rest === 'nothing') {
      this.lists = found;
      return;
    }
    const hasBoth = found.has('images') && found.has('annotations');
    this.isCoco = hasBoth || (rest === 'lines' && isNamedCoco);
    if (hasBoth && rest === 'lines') scanner.failBetweenObjects();
    throw severalObjects(this.#path, rest);
  }

  /** Reads the members of the top level, or with `root` those of all objects in it. */
  *#readMembers(entered: 'object' | 'list'): Steps<void> {
    const scanner = this.#scanner;
    const read = (key: string, isOfRoot: boolean) => this.#readMember(key, entered, isOfRoot);
    const { root } = this;
    if (root === undefined) {
      yield* scanner.members((key) => read(key, true));
      return;
    }
    const count = () => this.#countMember();
    yield* scanner.members(function* (parent): Steps<void> {
      count();
      if (yield* scanner.isObject()) yield* scanner.members((key) => read(key, parent === root));
      else yield* scanner.skip();
    });
  }

  *#readMember(key: string, entered: 'object' | 'list', isOfRoot: boolean): Steps<void> {
    const scanner = this.#scanner;
    this.isCoco ||= key === 'images' || (entered === 'object' && COCO_MEMBERS.has(key));
    this.#countMember();
    if (key === 'images') yield* this.#readImages(isOfRoot);
    else if (key === 'categories') yield* this.#readCategories(isOfRoot);
    else if (key === 'annotations') yield* this.#skipAnnotations(isOfRoot);
    else if (key === 'info' && isOfRoot) yield* this.#readInfo();
    else if (isOfRoot && declaresFormat(key)) this.declared[key] = yield* this.#readShort();
    else yield* scanner.skip();
  }

  #countMember(): void {
    this.#members += 1;
    if (this.#members <= MAX_MEMBERS) return;
    this.#scanner.fail(`its top level has more than ${MAX_MEMBERS} members`, EXPORT_AGAIN);
  }

  /** A value that is short; undefined if it is cut off. */
  *#readShort(): Steps<unknown> {
    return tryParseJson(yield* this.#scanner.skipped(MAX_DECLARED_BYTES));
  }

  *#readInfo(): Steps<void> {
    const text = yield* this.#scanner.skipped(MAX_INFO_BYTES);
    this.info ||= text;
  }

  *#readImages(isOfRoot: boolean): Steps<void> {
    const scanner = this.#scanner;
    const add = (value: unknown) => {
      this.budget.addImage(this.#path);
      this.images.add(value);
    };
    if (yield* scanner.isArray()) {
      if (this.#startList('images', isOfRoot)) yield* eachRecord(scanner, add);
      else yield* scanner.skip();
    } else if (yield* scanner.isObject()) {
      yield* this.#readImagesById(add, isOfRoot);
    } else {
      yield* scanner.skip();
    }
  }

  /** An object is the list by id if its first member is an object. */
  *#readImagesById(add: (value: unknown) => void, isOfRoot: boolean): Steps<void> {
    const scanner = this.#scanner;
    const start = () => this.#startList('images', isOfRoot);
    let isRead: boolean | undefined;
    yield* scanner.members(function* (id): Steps<void> {
      isRead ??= (yield* scanner.isObject()) && start();
      if (isRead) add({ id, ...asRecord(yield* scanner.value()) });
      else yield* scanner.skip();
    });
  }

  *#readCategories(isOfRoot: boolean): Steps<void> {
    const scanner = this.#scanner;
    const isList = (yield* scanner.isArray()) || (yield* scanner.isObject());
    if (!isList || !this.#startList('categories', isOfRoot)) {
      yield* scanner.skip();
      return;
    }
    yield* eachRecord(scanner, (value, id) => {
      this.budget.addCategory(this.#path);
      this.categories.push(id === undefined ? value : new CategoryMember(id, value));
    });
  }

  /** Annotations may be null if there are none. */
  *#skipAnnotations(isOfRoot: boolean): Steps<void> {
    const scanner = this.#scanner;
    const isList = (yield* scanner.isArray()) || (yield* scanner.isObject()) || (yield* scanner.isNull());
    if (!isList || !this.#startList('annotations', isOfRoot)) {
      yield* scanner.skip();
      return;
    }
    this.annotationsAt = scanner.offset;
    yield* scanner.skipCounting((count) => {
      this.annotations = count;
      this.budget.expectAnnotations(this.#path, count);
    });
  }

  /** Returns whether the list is the one to read. */
  #startList(list: ListName, isOfRoot: boolean): boolean {
    if (!isOfRoot) {
      this.#others += 1;
      return false;
    }
    if (this.#found.has(list)) throw repeatedList(this.#path, list);
    this.#found.add(list);
    return true;
  }
}

/** Reads the records of a list, which may also be an object by id, or null. */
export function* eachRecord(
  scanner: JsonScanner,
  onRecord: (record: unknown, id?: string) => void,
): Steps<void> {
  if (yield* scanner.isArray()) {
    yield* scanner.elements((value) => {
      for (const record of recordsIn(value)) onRecord(record);
    });
  } else if (yield* scanner.isObject()) {
    yield* scanner.members(function* (id) {
      onRecord(yield* scanner.value(), id);
    });
  } else yield* scanner.skip();
}

/** Some exporters put the records of an image into a list within the list. */
export const recordsIn = (value: unknown): readonly unknown[] =>
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
    `${path} has the list ${list} twice, so it is ambiguous which one counts. Write all its records into one list, or put each list into a COCO file of its own.`,
    { file: path, record: list },
  );
}
