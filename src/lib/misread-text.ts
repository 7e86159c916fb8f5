/** Text whose UTF-8 bytes were read in another code page, such as `Ã¤` for `ä`, and text with HTML or URL escapes. */

/** The letters of windows-1252 from 0x80. TextDecoder of some versions of Node reads these bytes as Latin-1. */
const FROM_0X80 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';
const LATIN_1 = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte));
const WINDOWS_1252 = [...LATIN_1.slice(0, 0x80), ...FROM_0X80, ...LATIN_1.slice(0xa0)];
const BYTES: ReadonlyMap<string, number> = new Map(
  [LATIN_1, WINDOWS_1252].flatMap((letters) => letters.map((letter, byte) => [letter, byte] as const)),
);

/** Decodes windows-1252, in which all bytes are valid. */
export const asWindows1252 = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => WINDOWS_1252[byte]).join('');

/** The text whose UTF-8 bytes, read as Latin-1 or windows-1252, give this text; undefined if there is none. */
export function asUtf8(text: string): string | undefined {
  if (!/[^\0-\x7f]/.test(text)) return undefined;
  const bytes = [...text].map((letter) => BYTES.get(letter) ?? -1);
  if (bytes.includes(-1)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes));
  } catch {
    return undefined;
  }
}

/** What the UTF-8 bytes of a text give if they are read as Latin-1 and as windows-1252; nothing for ASCII. */
export function misreadUtf8(text: string): readonly string[] {
  if (!/[^\0-\x7f]/.test(text)) return [];
  const bytes = new TextEncoder().encode(text);
  return [Array.from(bytes, (byte) => LATIN_1[byte]).join(''), asWindows1252(bytes)];
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

/** The text without HTML escapes such as `&amp;` and `&#39;`. */
export function withoutEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,6})|#x([0-9a-f]{1,5})|([a-z]{2,4}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return ENTITIES[String(name).toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code < 0x110000 ? String.fromCodePoint(code) : whole;
  });
}

/** The text without percent escapes; the text itself if they are not valid. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
