import { decodeAs, normalisePath } from './paths.js';

/**
 * Code pages in which ZIP tools on Windows store names without declaring them. Multi-byte code pages come first because
 * decoding other text with them fails.
 */
export const CODE_PAGES = [
  'gb18030',
  'shift_jis',
  'big5',
  'euc-kr',
  'windows-874',
  'ibm866',
  'windows-1251',
  'koi8-r',
  'windows-1252',
  'windows-1250',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'windows-1258',
] as const;

/** A file whose name is neither ASCII nor UTF-8. */
export interface UndecodedName {
  /** The listed path, decoded as code page 437. */
  readonly path: string;
  readonly bytes: Buffer;
}

/** One map per code page in which all names are valid, from the path in that code page to the listed path. */
export type PathAliases = readonly ReadonlyMap<string, string>[];

/**
 * Decodes names of unknown encoding in each of the code pages. The correct one is known only later: it has the names that
 * the COCO files use.
 */
export function aliasesOf(names: readonly UndecodedName[]): PathAliases {
  if (names.length === 0) return [];
  return CODE_PAGES.flatMap((page) => {
    const aliases = new Map<string, string>();
    for (const { path, bytes } of names) {
      const name = decodeAs(page, bytes);
      if (name === undefined) return [];
      aliases.set(normalisePath(name), path);
    }
    return aliases.size === names.length ? [aliases] : [];
  });
}
