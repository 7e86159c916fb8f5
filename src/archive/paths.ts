import { DatasetError } from '../dataset/model/errors.js';
import { MAX_PATH_BYTES, MAX_SEGMENT_BYTES } from './limits.js';

/** The upper half of code page 437, in which ZIP stores names that aren't flagged as UTF-8 (APPNOTE.TXT D.1). */
const CP437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■ ';

/** UTF-8 where flagged or where the bytes are valid UTF-8 (many writers forget the flag), else code page 437. */
export function decodeName(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : CP437[byte - 0x80])).join(
      '',
    );
  }
}

/**
 * A name as a path that can be neither absolute nor above the archive. Backslashes count as separators,
 * as exporters on Windows write them.
 * @throws DatasetError ArchiveUnsafe
 */
export function normalisePath(name: string): string {
  const path = name.replaceAll('\\', '/');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u001f\u007f]/.test(path)) throw unsafe(name, 'has control characters in its name');
  if (path.startsWith('/') || /^[a-zA-Z]:/.test(path)) throw unsafe(name, 'has an absolute path');
  const segments = path.split('/').filter((segment, i, all) => {
    return segment !== '.' && (segment !== '' || i === all.length - 1);
  });
  if (segments.includes('..')) throw unsafe(name, 'points outside the archive');
  if (segments.some((segment) => Buffer.byteLength(segment) > MAX_SEGMENT_BYTES)) {
    throw unsafe(name, `has a name of over ${MAX_SEGMENT_BYTES} bytes`);
  }
  const normalised = segments.join('/').normalize('NFC');
  if (Buffer.byteLength(normalised) > MAX_PATH_BYTES) {
    throw unsafe(name, `has a path of over ${MAX_PATH_BYTES} bytes`);
  }
  return normalised;
}

const CLUTTER = /(^|\/)(__MACOSX\/|\.DS_Store$|\._[^/]*$|Thumbs\.db$|desktop\.ini$)/;

/** Files that operating systems leave in archives. */
export function isClutter(path: string): boolean {
  return CLUTTER.test(path);
}

export function unsafe(name: string, what: string): DatasetError {
  return new DatasetError(
    'ArchiveUnsafe',
    `The archive's entry ${JSON.stringify(name.slice(0, 200))} ${what}. Remove or rename it and export again.`,
    { file: name },
  );
}
