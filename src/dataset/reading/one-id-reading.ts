import { groupBy } from '../../lib/group-by.js';
import { exportsOf } from '../model/one-export.js';
import type { ShownReading } from './id-readings.js';

/** A COCO file with what it shows about its image_ids. */
export interface IdsOfFile {
  readonly path: string;
  /** Undefined if no image_id can be the id of one image and the name of another. */
  readonly twofoldIds: { readonly shown: ShownReading | undefined } | undefined;
}

/**
 * Returns how the image_ids of COCO files must be read again, by path: as the boxes of other files of their export show, if their
 * own boxes show nothing. One exporter writes all files of an export in the same way. Without evidence, or with files that
 * contradict each other, each file is read on its own.
 */
export function readingsOfExports(files: readonly IdsOfFile[]): ReadonlyMap<string, ShownReading> {
  const twofold = files.flatMap(({ path, twofoldIds }) => (twofoldIds ? [{ path, ...twofoldIds }] : []));
  if (twofold.length < 2) return new Map();
  const exportOf = exportsOf(files.map(({ path }) => path));
  const readings = new Map<string, ShownReading>();
  for (const same of groupBy(twofold, ({ path }) => exportOf.get(path)).values()) {
    const shown = same.flatMap((file) => (file.shown?.byBoxes === true ? [file.shown] : []));
    const [first] = shown;
    if (first === undefined || shown.some(({ reading }) => reading !== first.reading)) continue;
    for (const file of same) {
      if (file.shown?.byBoxes !== true && file.shown?.reading !== first.reading)
        readings.set(file.path, first);
    }
  }
  return readings;
}
