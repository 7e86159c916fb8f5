import { formatOfBytes } from '../model/file-formats.js';
import { EXPORT_AS_COCO } from '../model/other-formats.js';

/** What a text has instead of JSON, and what to do about it. */
export interface Dialect {
  /** Continues `c.json is not valid JSON: …`. */
  readonly what: string;
  readonly advice: string;
}

/** What to do about text around the JSON. */
export const REMOVE_AROUND = 'Remove all text before the first { and after the last }.';
const WRITE_JSON = 'Write the file with a JSON library, such as `json.dump` in Python.';

/** Signs of other notations in JSON text whose strings are empty, the most specific first. */
const SIGNS: readonly (readonly [sign: RegExp, what: string, advice: string])[] = [
  [/\/\/|\/\*|(?:^|\n)[^\S\n]*#/, 'it has a comment', 'JSON has no comments: remove it.'],
  [/,\s*[\]}]/, 'it has a comma before a closing bracket', 'JSON does not allow it: remove the comma.'],
  [/[[{,:]\s*'/, 'it has single quotes around texts, as Python prints them', WRITE_JSON],
  [/[[{,:]\s*(?:True|False|None)\b/, 'it has True, False or None, as Python prints them', WRITE_JSON],
  [/[{,]\s*[A-Za-z_$][\w$]*\s*:/, 'it has member names without quotes', WRITE_JSON],
];

/** What makes a part of a JSON text invalid; undefined if that is not known. */
export function dialectOf(part: string): Dialect | undefined {
  const bare = part.replace(/"[^"\\]*(?:\\.[^"\\]*)*(?:"|$)/gs, '""');
  const found = SIGNS.find(([sign]) => sign.test(bare));
  return found && { what: found[1], advice: found[2] };
}

/** A JSON text whose content is JSON. */
export const ENCODED_TWICE: Dialect = {
  what: 'it is a text that contains JSON, since it was encoded twice',
  advice: 'Write the object itself: call `json.dump` once, without `json.dumps` before it.',
};

/** Whether a JSON file begins with a text that contains JSON. */
export const isEncodedTwice = (start: string): boolean => /^"\s*(?:\\[nrt]|\s)*[[{]/.test(start);

/** What the beginning of a file is that starts with neither an object nor a list. */
export function startOf(text: string): Dialect | undefined {
  const start = text.trimStart();
  if (start === '') return { what: 'it is empty', advice: 'Export it again.' };
  if (isEncodedTwice(start)) return ENCODED_TWICE;
  if (!/^[\w$. ]*[=(]\s*[[{]/.test(start)) return undefined;
  return {
    what: `it begins with ${JSON.stringify(start.slice(0, start.search(/[[{]/)))}, as JavaScript does`,
    advice: REMOVE_AROUND,
  };
}

/** What a file is whose name ends in .json but whose bytes are of another format; continues its path. */
export function otherFormatOf(bytes: Uint8Array): Dialect | undefined {
  const format = formatOfBytes(bytes);
  if (!format) return undefined;
  const unpack = format.kind === 'archive' ? 'Unpack it and zip the JSON file with the images.' : undefined;
  return { what: `is ${format.name}, not JSON`, advice: format.advice ?? unpack ?? EXPORT_AS_COCO };
}
