import { decodeAs, normalisePath } from './paths.js';

/** Code pages in which writers on Windows store names without saying so, the multi-byte ones first: they fail on other text. */
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
  /** Its path as it is listed, decoded by code page 437. */
  readonly path: string;
  readonly bytes: Buffer;
}

/** Paths by what they would be called in another code page: one map per code page that fits all names. */
export type PathAliases = readonly ReadonlyMap<string, string>[];

/** The other readings of names that do not say in which code page they are. Which is right is told by what COCO files name. */
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
