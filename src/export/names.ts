const TAGGED = /^(?<stem>.*)\.(?<tag>[0-9a-f]{12})\.(?<extension>jpg|png)$/s;

/**
 * A file name for each key of a preprocessed image: the source's name with the ending of what it is now. Names that
 * occur twice, in whatever letter case, keep the tag of their keys, so that none depends on the order.
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

/** File systems of Windows and macOS tell neither case nor composition apart. */
const folded = (name: string) => name.normalize('NFC').toLowerCase();
