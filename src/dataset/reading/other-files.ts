import { isJsonLines, parseJsonHead } from '../../lib/json-head.js';
import { asRecord } from '../../lib/json-records.js';
import { byCodePoint } from '../../lib/order.js';
import type { Steps } from '../../lib/steps.js';
import { utf16Of } from '../../lib/utf16.js';
import { DatasetError } from '../model/errors.js';
import { formatOfBytes } from '../model/file-formats.js';
import { formatOfJson } from '../model/json-formats.js';
import type { OtherFormat } from '../model/other-formats.js';
import { formatOfText } from '../model/text-formats.js';
import { headOf, type JsonFile } from './json-file.js';
import { baseName, isImageFile } from './resolve.js';

/** What a file is that is not named as JSON. */
export interface FileDescription {
  readonly path: string;
  /** Continues the path. */
  readonly what: string;
  /** What to do; undefined if the file is an archive. */
  readonly advice: string | undefined;
}

/** Files that are looked at, in all and of one extension. In other formats, each file shows the format. */
const MAX_FILES = 20;
const MAX_PER_EXTENSION = 3;
/** Bytes of a file that tell its format. */
const HEAD_BYTES = 64 * 1024;

/** Files that explain a dataset, or are known by their names alone. */
const NEVER_LABELS = /^(?:read\W?me|licen[cs]e|changelog|requirements|notice|citation)\b/i;

/** Hidden folders and files, such as the settings of an editor. */
const HIDDEN = /(?:^|\/)\./;

/** Whether a file may have labels by its path. */
export function mayHaveLabels(path: string): boolean {
  const name = baseName(path);
  return !isImageFile(name) && !NEVER_LABELS.test(name) && !HIDDEN.test(path);
}

/** Files that may have labels although they are not named as JSON: a few of each extension. */
function likelyLabelFiles(files: readonly JsonFile[]): JsonFile[] {
  const byExtension = new Map<string, number>();
  const chosen: JsonFile[] = [];
  for (const file of files) {
    const name = baseName(file.path).toLowerCase();
    if (name.endsWith('.json') || !mayHaveLabels(file.path)) continue;
    const extension = name.includes('.') ? name.slice(name.lastIndexOf('.')) : '';
    const count = (byExtension.get(extension) ?? 0) + 1;
    byExtension.set(extension, count);
    if (count <= MAX_PER_EXTENSION) chosen.push(file);
    if (chosen.length === MAX_FILES) break;
  }
  return chosen;
}

/** What files that are not named as JSON show. */
export interface OtherFiles {
  /** The first file that has a known format. */
  readonly known: FileDescription | undefined;
  /** The files before it whose content has no known format. Their names do not show one. */
  readonly unknown: readonly string[];
}

/** Looks at the content of files that are not named as JSON. Yields regularly. */
export function* describeOtherFiles(files: readonly JsonFile[]): Steps<OtherFiles> {
  const unknown: string[] = [];
  for (const file of likelyLabelFiles(files).sort((a, b) => byCodePoint(a.path, b.path))) {
    const { path } = file;
    const head = yield* readableHead(file);
    const described = describeContent(baseName(path), head);
    if (described) return { known: { path, ...described }, unknown };
    if (head.length > 0) unknown.push(path);
  }
  return { known: undefined, unknown };
}

/** The first bytes of a file; none if it is damaged, since nothing refers to it. */
function* readableHead(file: JsonFile): Steps<Uint8Array> {
  try {
    return yield* headOf(file, HEAD_BYTES);
  } catch (error) {
    if (error instanceof DatasetError) return new Uint8Array();
    throw error;
  }
}

function describeContent(name: string, head: Uint8Array): Omit<FileDescription, 'path'> | undefined {
  const format = formatOfBytes(head);
  // Office files and models are ZIP archives too, but have extensions.
  if (format?.kind === 'archive' && !name.includes('.')) {
    return { what: `is ${format.name}`, advice: undefined };
  }
  const text = decoded(head);
  const json = parseJsonHead(text);
  const { images, annotations } = asRecord(json?.value);
  if (Array.isArray(images) && (Array.isArray(annotations) || !json?.isWhole)) {
    return {
      what: 'has COCO annotations, but only files whose names end in .json are read',
      advice: 'Rename it so that its name ends in .json.',
    };
  }
  const known = formatOfLabels(text);
  return known && { what: `is ${known.name}`, advice: known.toCoco };
}

/** The format of labels that are not COCO, from the beginning of their file; undefined if it is not known. */
export function formatOfLabels(text: string): OtherFormat | undefined {
  const json = parseJsonHead(text);
  if (!json) return formatOfText(text);
  return formatOfJson(json.value) ?? (isJsonLines(json) ? formatOfJson([json.value]) : undefined);
}

/** The beginning of a file as text; empty if it is damaged, since nothing refers to it. */
export function* textOf(file: JsonFile): Steps<string> {
  return decoded(yield* readableHead(file));
}

const decoded = (head: Uint8Array) => new TextDecoder(utf16Of(head) ?? 'utf-8').decode(head);
