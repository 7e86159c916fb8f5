import { parseJsonHead } from '../../lib/json-head.js';
import { asRecord } from '../../lib/json-records.js';
import type { Steps } from '../../lib/steps.js';
import { DatasetError } from '../model/errors.js';
import { ReadingBudget } from './budget.js';
import { wrapperIn } from './coco-members.js';
import { CocoScan, eachRecord, type ListName, recordsIn } from './coco-scan.js';
import { type DeclaredFormat, formatOfFile } from './declared-format.js';
import type { ImageRecords } from './image-records.js';
import { type Dialect, dialectOf, otherFormatOf } from './json-dialects.js';
import { headOf, type JsonFile } from './json-file.js';
import { JsonScanner, ONE_OBJECT } from './json-scanner.js';
import { JsonText } from './json-text.js';
import { EXPORT_AGAIN, JsonError } from './json-value.js';
import { secondObjectIn } from './second-object.js';

/** What the first pass over a COCO file finds: everything but its annotations. */
export interface CocoOutline {
  readonly file: JsonFile;
  /** SHA-256 of the file, hex. */
  readonly sha256: string;
  /** Size of the file as UTF-8, in bytes. */
  readonly bytes: number;
  readonly images: ImageRecords;
  readonly categories: readonly unknown[];
  /** The beginning of the text of `info`. */
  readonly info: string;
  /** What the top level or `info` declares about how boxes are written; undefined if nothing. */
  readonly format: DeclaredFormat | undefined;
  /** The number of annotations; 1 if there are none. */
  readonly annotations: number;
  /** Offset of the list of annotations in the file as UTF-8. */
  readonly annotationsAt: number;
}

/**
 * Reads a JSON file as COCO, but skips its annotations. Returns undefined if it is another kind of JSON (no `images` or
 * no `annotations` list).
 * @throws DatasetError CocoInvalid if it is COCO but broken as a whole, ArchiveUnsafe if it exceeds the budget
 */
export function* readOutline(file: JsonFile, budget: ReadingBudget): Steps<CocoOutline | undefined> {
  const { scan, text, problem } = yield* scanFile(file, budget, undefined);
  if (scan.lists.size > 0 || (problem && scan.isCoco)) return yield* outlineOf(file, { scan, text, problem });
  const root = wrapperIn(asRecord(parseJsonHead(scan.head)?.value));
  return root === undefined ? undefined : yield* outlineOf(file, yield* scanFile(file, budget, root));
}

/** Which of COCO's lists a JSON file has. */
export function* listsOf(file: JsonFile): Steps<ReadonlySet<ListName>> {
  const { scan } = yield* scanFile(file, new ReadingBudget(), undefined);
  return scan.lists;
}

/**
 * Calls `onAnnotation` with each annotation of a COCO file.
 * @throws DatasetError CocoInvalid if an annotation is not JSON, ArchiveUnsafe if it exceeds the budget
 */
export function* readAnnotations(
  { file, bytes, annotationsAt }: CocoOutline,
  budget: ReadingBudget,
  onAnnotation: (annotation: unknown) => void,
): Steps<void> {
  const text = new JsonText(file, false);
  budget.startPass();
  try {
    const scanner = new JsonScanner(text);
    yield* scanner.goTo(annotationsAt);
    const read = (annotation: unknown) => {
      budget.addAnnotation(file.path);
      onAnnotation(annotation);
    };
    yield* eachRecord(scanner, (value, id) => {
      if (id === undefined) read(value);
      else recordsIn(value).forEach(read);
    });
  } catch (error) {
    throw error instanceof JsonError ? yield* invalidJson(error, file, bytes) : error;
  } finally {
    text.close();
  }
}

interface ScannedFile {
  readonly scan: CocoScan;
  readonly text: JsonText;
  readonly problem: JsonError | DatasetError | undefined;
}

function* scanFile(file: JsonFile, budget: ReadingBudget, root: string | undefined): Steps<ScannedFile> {
  const text = new JsonText(file, true);
  try {
    const scan = new CocoScan(text, budget, root);
    const problem = yield* scan.run();
    // The checksum and the encoding of the rest matter more than a problem of its JSON.
    yield* text.drain();
    return { scan, text, problem };
  } finally {
    text.close();
  }
}

function* outlineOf(file: JsonFile, { scan, text, problem }: ScannedFile): Steps<CocoOutline | undefined> {
  if (problem ? !scan.isCoco : !(scan.lists.has('images') && scan.lists.has('annotations'))) return undefined;
  if (problem) throw yield* refusalOf(problem, file, text);
  const refusal = text.encodingProblem();
  if (refusal) throw refusal;
  const { categories, info, annotations, annotationsAt } = scan;
  return {
    ...{ file, bytes: text.bytes, sha256: text.sha256() },
    ...{ images: scan.images.records(), categories, info, annotations, annotationsAt },
    format: formatOfFile(scan.declared, parseJsonHead(info)?.value),
  };
}

/** Bytes of a file that tell its format. */
const HEAD_BYTES = 16 * 1024;

function* refusalOf(problem: JsonError | DatasetError, file: JsonFile, text: JsonText): Steps<DatasetError> {
  const { path } = file;
  const format = otherFormatOf(yield* headOf(file, HEAD_BYTES));
  if (format)
    return new DatasetError('CocoInvalid', `${path} ${format.what}. ${format.advice}`, { file: path });
  const encoding = text.encodingProblem();
  if (encoding) return encoding;
  return problem instanceof JsonError ? yield* invalidJson(problem, file, text.bytes) : problem;
}

function* invalidJson(problem: JsonError, file: JsonFile, bytes: number): Steps<DatasetError> {
  const { path } = file;
  const second = problem.advice === undefined ? yield* secondObjectIn(file) : undefined;
  if (second !== undefined) {
    const what = 'another COCO object begins in the middle of the first';
    return invalidAt(
      path,
      `is not valid JSON: ${what}, at byte ${second} of ${bytes}. ${ONE_OBJECT}`,
      second,
    );
  }
  const { offset } = problem;
  const advice = problem.advice ?? (yield* dialectAt(file, offset)) ?? EXPORT_AGAIN;
  const shown = typeof advice === 'string' ? { what: problem.what, advice } : advice;
  return invalidAt(
    path,
    `${problem.isLimit ? 'exceeds a limit' : 'is not valid JSON'}: ${shown.what}, at byte ${offset} of ${bytes}. ${shown.advice}`,
    offset,
  );
}

const invalidAt = (path: string, what: string, byte: number) =>
  new DatasetError('CocoInvalid', `${path} ${what}`, { file: path, record: `byte ${byte}` });

/** Bytes behind a problem that show which notation it is, and before it in which the last sign is searched. */
const DIALECT_BYTES = 64;
const BYTES_BEFORE = 4 * 1024;

/** What the text from the last sign before this place shows. */
function* dialectAt(file: JsonFile, offset: number): Steps<Dialect | undefined> {
  const text = new JsonText(file, false);
  try {
    const scanner = new JsonScanner(text);
    const from = Math.max(0, offset - BYTES_BEFORE);
    yield* scanner.goTo(from);
    const before = yield* scanner.ahead(offset - from);
    yield* scanner.goTo(offset);
    const after = yield* scanner.ahead(DIALECT_BYTES);
    return dialectOf(before.slice(Math.max(0, before.trimEnd().length - 1)) + after);
  } finally {
    text.close();
  }
}
