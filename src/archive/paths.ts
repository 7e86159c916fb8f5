import { DatasetError, type RefusalType } from '../dataset/model/errors.js';
import { asWindows1252 } from '../lib/misread-text.js';
import { MAX_PATH_BYTES } from './limits.js';

/** The upper half of code page 437, in which ZIP stores names that are not flagged as UTF-8 (APPNOTE.TXT D.1). */
const CP437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ ';

/** Decodes a name as UTF-8 if its bytes are valid UTF-8 (many tools omit the flag), otherwise as code page 437. */
export function decodeName(bytes: Buffer): string {
  return (
    decodeAs('utf-8', bytes) ??
    Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : CP437[byte - 0x80])).join('')
  );
}

/** Decodes bytes strictly; undefined if they are invalid in the encoding. */
export const decodeAs = (encoding: string, bytes: Uint8Array): string | undefined =>
  decoderOf(encoding)(bytes);

/** Returns a function that decodes bytes strictly, for many names: to create a decoder takes longer than to use it. */
export function decoderOf(encoding: string): (bytes: Uint8Array) => string | undefined {
  if (encoding === 'windows-1252') return asWindows1252;
  const create = () => new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  let decoder = create();
  return (bytes) => {
    try {
      return decoder.decode(bytes);
    } catch {
      decoder = create();
      return undefined;
    }
  };
}

/**
 * Normalises a name: `/` as the separator (exporters on Windows write backslashes), no `.` or empty segments, composed
 * letters (NFC).
 */
export function normalisePath(name: string): string {
  const segments = name.replaceAll('\\', '/').split('/');
  return segments
    .filter((segment, i) => segment !== '.' && (segment !== '' || i === segments.length - 1))
    .join('/')
    .normalize('NFC');
}

/** Returns why a name does not lie inside the archive; undefined if it does. */
export function escapeProblem(name: string): string | undefined {
  if (name === '') return 'has no name';
  const path = name.replaceAll('\\', '/');
  if (path.startsWith('/') || /^[a-zA-Z]:\//.test(path)) return 'has an absolute path';
  return path.split('/').includes('..') ? 'points outside the archive' : undefined;
}

/** Returns why an entry of this name cannot be stored; undefined if it can be stored. */
export function nameProblem(path: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern finds control characters
  if (/[\u0000-\u001f\u007f]/.test(path)) return 'has control characters in its name';
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) return `has a path of more than ${MAX_PATH_BYTES} bytes`;
  return undefined;
}

const CLUTTER = /(^|\/)(__MACOSX\/|\.DS_Store$|\._[^/]*$|Thumbs\.db$|desktop\.ini$|Icon\r$)/;

/** Returns whether the path is a file that operating systems add to archives. */
export function isClutter(path: string): boolean {
  return CLUTTER.test(path);
}

/** Creates the error of an entry that is refused. */
export function refusedEntry(
  type: RefusalType,
  name: string,
  what: string,
  advice = 'Remove or rename it and export again.',
): DatasetError {
  const shown = JSON.stringify(name.slice(0, 200));
  return new DatasetError(type, `The archive's entry ${shown} ${what}. ${advice}`, { file: name });
}

export function unsafe(name: string, what: string): DatasetError {
  return refusedEntry('ArchiveUnsafe', name, what);
}
