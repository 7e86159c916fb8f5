const TAGGED = /^(?<stem>.*)\.(?<tag>[0-9a-f]{12})\.(?<extension>jpg|png)$/s;

/**
 * Returns the file name in the export for each key of a preprocessed image: the name of the source file with the
 * extension of the preprocessed image. Names that differ only in letter case keep the tag of their keys, so that no
 * name depends on the order of the keys.
 */
export function exportNames(keys: readonly string[]): ReadonlyMap<string, string> {
  const parts = keys.map((key) => {
    const base = key.slice(key.lastIndexOf('/') + 1);
    const { stem = base, tag = '', extension = '' } = TAGGED.exec(base)?.groups ?? {};
    return { key, stem, tag, extension };
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

/** File systems of Windows and macOS ignore letter case and Unicode composition. */
const folded = (name: string) => name.normalize('NFC').toLowerCase();
