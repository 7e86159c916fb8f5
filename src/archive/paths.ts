import { DatasetError, type RefusalType } from '../dataset/model/errors.js';
import { MAX_PATH_BYTES, MAX_SEGMENT_BYTES } from './limits.js';

/** The upper half of code page 437, in which ZIP stores names that are not flagged as UTF-8 (APPNOTE.TXT D.1). */
const CP437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ ';

/** Decodes a name as UTF-8 where its bytes are valid UTF-8 (many writers forget the flag), else by code page 437. */
export function decodeName(bytes: Buffer): string {
  return (
    decodeAs('utf-8', bytes) ??
    Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : CP437[byte - 0x80])).join('')
  );
}

/** Decodes bytes strictly; undefined where they are not valid in the encoding. */
export function decodeAs(encoding: string, bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** A name with `/` as separator (exporters on Windows write backslashes), without `.` segments, composed (NFC). */
export function normalisePath(name: string): string {
  const segments = name.replaceAll('\\', '/').split('/');
  return segments
    .filter((segment, i) => segment !== '.' && (segment !== '' || i === segments.length - 1))
    .join('/')
    .normalize('NFC');
}

/**
 * Refuses a name that leads out of the archive. Checked for every entry, used or not.
 * @throws DatasetError ArchiveUnsafe
 */
export function refuseEscape(name: string): void {
  const path = name.replaceAll('\\', '/');
  if (path.startsWith('/') || /^[a-zA-Z]:\//.test(path)) throw unsafe(name, 'has an absolute path');
  if (path.split('/').includes('..')) throw unsafe(name, 'points outside the archive');
}

/** Why an entry of this name cannot be stored; undefined where it can. */
export function nameProblem(path: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(path)) return 'has control characters in its name';
  if (path.split('/').some((segment) => Buffer.byteLength(segment) > MAX_SEGMENT_BYTES)) {
    return `has a name of over ${MAX_SEGMENT_BYTES} bytes`;
  }
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) return `has a path of over ${MAX_PATH_BYTES} bytes`;
  return undefined;
}

const CLUTTER = /(^|\/)(__MACOSX\/|\.DS_Store$|\._[^/]*$|Thumbs\.db$|desktop\.ini$|Icon\r$)/;

/** Whether the path is a file that operating systems leave in archives. */
export function isClutter(path: string): boolean {
  return CLUTTER.test(path);
}

/** A refusal of one entry. */
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
