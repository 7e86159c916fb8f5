import { CODE_PAGES } from '../dataset/model/code-pages.js';
import { decoderOf, normalisePath } from './paths.js';

/** Multi-byte code pages come first because decoding other text with them fails. */
const PAGES = [
  ...CODE_PAGES.filter(({ isMultiByte }) => isMultiByte),
  ...CODE_PAGES.filter(({ isMultiByte }) => !isMultiByte),
];

/** A file whose name is not ASCII and not declared to be UTF-8. */
export interface UndecodedName {
  /** The listed path, decoded as UTF-8 or code page 437. */
  readonly path: string;
  readonly bytes: Buffer;
}

/** The first byte of a letter that has three bytes in UTF-8. */
const FIRST_OF_THREE = 0xe0;

/** One map per code page in which all names are valid that are not UTF-8, from the path in that code page to the listed path. */
export type PathAliases = readonly ReadonlyMap<string, string>[];

/**
 * Decodes names of unknown encoding in each of the code pages. The correct one is known only later: it has the names that
 * the COCO files use. Letters of a multi-byte code page can be valid UTF-8 by chance, which happens in pairs of bytes.
 */
export function aliasesOf(names: readonly UndecodedName[]): PathAliases {
  const decodeUtf8 = decoderOf('utf-8');
  const known = names
    .map((name) => ({ ...name, isUtf8: decodeUtf8(name.bytes) !== undefined }))
    .filter(({ isUtf8, bytes }) => !isUtf8 || bytes.every((byte) => byte < FIRST_OF_THREE));
  if (known.length === 0) return [];
  const areAllUtf8 = known.every(({ isUtf8 }) => isUtf8);
  const pages = areAllUtf8 ? PAGES.filter(({ isMultiByte }) => isMultiByte) : PAGES;
  return pages.flatMap(({ encoding }) => {
    const decode = decoderOf(encoding);
    const aliases = new Map<string, string>();
    let decoded = 0;
    for (const { path, bytes, isUtf8 } of known) {
      const name = decode(bytes);
      if (name === undefined && (areAllUtf8 || !isUtf8)) return [];
      if (name === undefined) continue;
      aliases.set(normalisePath(name), path);
      decoded += 1;
    }
    return aliases.size === decoded ? [aliases] : [];
  });
}
