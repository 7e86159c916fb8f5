import { isJsonLines, parseJsonHead } from '../../lib/json-head.js';
import { asRecord } from '../../lib/json-records.js';
import type { Steps } from '../../lib/steps.js';
import { utf16Of } from '../../lib/utf16.js';
import { formatOfJson } from '../model/json-formats.js';
import { EXPORT_AS_COCO } from '../model/other-formats.js';
import { formatOfText } from '../model/text-formats.js';
import { lackOf } from './almost-coco.js';
import { listsOf } from './coco-outline.js';
import { dialectOf, otherFormatOf, startOf } from './json-dialects.js';
import { headOf, type JsonFile } from './json-file.js';

/** What a JSON file is instead of COCO. */
export interface JsonDescription {
  /** Continues the path of the file, as in `c.json is a labelme export`. */
  readonly what: string;
  readonly advice: string;
  /** Whether the file shows what the archive is; otherwise other files may show it better. */
  readonly isCertain: boolean;
}

/** Bytes of a JSON file that tell its format. */
const HEAD_BYTES = 64 * 1024;

/** Says what a JSON file that is not COCO is; undefined if that is not known. Yields regularly. */
export function* jsonDescription(file: JsonFile): Steps<JsonDescription | undefined> {
  const head = yield* headOf(file, HEAD_BYTES);
  const format = otherFormatOf(head);
  if (format) return { ...format, isCertain: false };
  const text = new TextDecoder(utf16Of(head) ?? 'utf-8').decode(head);
  const json = parseJsonHead(text);
  if (!json) return invalidJson(text);
  const known = formatOfJson(json.value);
  if (known) return { what: `is ${known.name}`, advice: known.toCoco, isCertain: true };
  if (json.rest !== '') {
    const what = isJsonLines(json)
      ? 'is JSON Lines, several JSON objects one after another'
      : 'has text behind its JSON';
    return { what, advice: `COCO is one object. ${EXPORT_AS_COCO}`, isCertain: false };
  }
  if (Array.isArray(json.value)) return undefined;
  const lack = lackOf(asRecord(json.value), yield* listsOf(file));
  return lack && { ...lack, isCertain: true };
}

function invalidJson(text: string): JsonDescription | undefined {
  const dialect = startOf(text) ?? dialectOf(text);
  if (dialect)
    return { what: `is not valid JSON: ${dialect.what}`, advice: dialect.advice, isCertain: false };
  if (/^\s*[[{]/.test(text)) return undefined;
  const format = formatOfText(text);
  return format
    ? { what: `is ${format.name}, not JSON`, advice: format.toCoco, isCertain: true }
    : { what: 'is not JSON', advice: EXPORT_AS_COCO, isCertain: false };
}
