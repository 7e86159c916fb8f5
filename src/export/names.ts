import { baseName } from '../lib/base-name.js';

interface NamedImage {
  /** Path in the archive. */
  readonly path: string;
  /** S3 key of the preprocessed image. */
  readonly key: string;
}

/**
 * Returns the file name in the export for each key of a preprocessed image: the name of the source file with the
 * extension of the preprocessed image. Names that differ only in letter case keep the tag of their keys, so that no
 * name depends on the order of the images.
 */
export function exportNames(images: readonly NamedImage[]): ReadonlyMap<string, string> {
  const parts = images.map(({ path, key }) => {
    const [extension = '', tag = ''] = key.split('.').reverse();
    return { key, stem: stemOf(path), tag, extension };
  });
  const uses = new Map<string, number>();
  for (const { stem } of parts) uses.set(folded(stem), (uses.get(folded(stem)) ?? 0) + 1);
  return new Map(
    parts.map(({ key, stem, tag, extension }) => {
      const unique = uses.get(folded(stem)) === 1 ? stem : `${stem}.${tag}`;
      return [key, `${unique}.${extension}`];
    }),
  );
}

/** The name of a file without folder and extension. */
const stemOf = (path: string) => baseName(path).replace(/(?<=.)\.[^.]*$/s, '');

/** File systems of Windows and macOS ignore letter case and Unicode composition. */
const folded = (name: string) => name.normalize('NFC').toLowerCase();
