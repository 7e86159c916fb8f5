import { CODE_PAGES } from '../dataset/model/code-pages.js';
import { decodeAs, normalisePath } from './paths.js';

/** Multi-byte code pages come first because decoding other text with them fails. */
const PAGES = [
  ...CODE_PAGES.filter(({ isMultiByte }) => isMultiByte),
  ...CODE_PAGES.filter(({ isMultiByte }) => !isMultiByte),
];

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
  return PAGES.flatMap(({ encoding }) => {
    const aliases = new Map<string, string>();
    for (const { path, bytes } of names) {
      const name = decodeAs(encoding, bytes);
      if (name === undefined) return [];
      aliases.set(normalisePath(name), path);
    }
    return aliases.size === names.length ? [aliases] : [];
  });
}
