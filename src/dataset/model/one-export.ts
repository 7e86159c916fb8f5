import { baseName } from '../../lib/base-name.js';
import { DisjointSets } from '../../lib/disjoint-sets.js';
import { withoutSubset } from './exported-side.js';

/**
 * Whether two COCO files are parts of one export: they have one name, or paths that differ only in the split. One tool
 * wrote them, so that their boxes are written in the same way.
 */
export const areOfOneExport = (one: string, other: string): boolean =>
  baseName(one) === baseName(other) || withoutSubset(one) === withoutSubset(other);

/**
 * The exports that JSON files belong to, by path: a path that stands for the export. Tools that write one COCO file per
 * image or per job put them into one folder, or give them one name in different folders.
 */
export function exportsOf(paths: readonly string[]): ReadonlyMap<string, string> {
  const sets = new DisjointSets(paths.length);
  const firstOf = new Map<string, number>();
  paths.forEach((path, index) => {
    const general = withoutSubset(path);
    const folder = general.slice(0, general.lastIndexOf('/') + 1);
    for (const key of [`${folder}*`, `*/${baseName(general)}`]) {
      const first = firstOf.get(key) ?? index;
      firstOf.set(key, first);
      sets.join(first, index);
    }
  });
  return new Map(paths.map((path, index) => [path, paths[sets.find(index)] ?? path]));
}
