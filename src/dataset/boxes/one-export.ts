import { baseName } from '../../lib/base-name.js';
import { withoutSubset } from '../model/exported-side.js';

/**
 * Whether two COCO files are parts of one export: they have one name, or paths that differ only in the split. One tool
 * wrote them, so that their boxes are written in the same way.
 */
export const areOfOneExport = (one: string, other: string): boolean =>
  baseName(one) === baseName(other) || withoutSubset(one) === withoutSubset(other);
