import { plural } from '../../lib/plural.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import type { CuratedImage } from '../model/types.js';

/** Minimum photos; in few, all objects can lie in one corner by chance. */
const MIN_PHOTOS = 30;
/** Maximum share of width and height that the corner reaches to. */
const MAX_REACH = 0.55;
/**
 * The boxes must fill the corner as objects fill a whole image: they come this close to its outer edges, reach this far to
 * its inner ones, and begin this far from the outer ones, all in shares of the corner. Logos and time stamps stay in one
 * place of it.
 */
const NEAR_EDGE = 0.1;
const FILLED = 0.85;
const SPREAD = 0.5;

/**
 * The finding on boxes that all lie in the upper left corner of their images and fill it, as if they referred to a smaller
 * copy of the images; undefined if they do not.
 */
export function boxesInCorner(used: readonly CuratedImage[]): DatasetFinding | undefined {
  const photos = new Set(used.map(({ group }) => group)).size;
  const edges = { left: 1, top: 1, right: 0, bottom: 0 };
  const last = { left: 0, top: 0 };
  let count = 0;
  for (const { boxes, size } of used) {
    for (const { left, top, width, height } of boxes) {
      count += 1;
      edges.left = Math.min(edges.left, left / size.width);
      edges.top = Math.min(edges.top, top / size.height);
      last.left = Math.max(last.left, left / size.width);
      last.top = Math.max(last.top, top / size.height);
      edges.right = Math.max(edges.right, (left + width) / size.width);
      edges.bottom = Math.max(edges.bottom, (top + height) / size.height);
    }
  }
  const reach = Math.max(edges.right, edges.bottom);
  const isFilled =
    Math.max(edges.left, edges.top) <= NEAR_EDGE * reach &&
    Math.min(edges.right, edges.bottom) >= FILLED * reach &&
    Math.min(last.left, last.top) >= SPREAD * reach;
  if (photos < MIN_PHOTOS || reach > MAX_REACH || !isFilled) return undefined;
  return warning('BOXES_IN_CORNER', count, {
    headline: `All ${plural(count, 'box')} lie in the upper left ${Math.ceil(100 * reach)} % of the width and height of their images, as if they referred to images that were smaller by that factor.`,
    rest: 'Check the boxes in the report. If they do not lie on the objects, export images and boxes of one size together.',
  });
}
