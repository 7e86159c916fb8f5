import { groupBy } from '../../lib/group-by.js';
import { intersectionOverUnion } from '../model/rectangle.js';
import type { SourceBox } from '../model/types.js';

/** Intersection over union from which two boxes of one class are the same object. */
const SAME_OBJECT = 0.95;
/** Edges of the same object also differ by at most so many pixels, and by this share of its smaller side. */
const SAME_EDGE_PX = 1;
const SAME_EDGE_SHARE = 0.1;
/** Boxes of that overlap differ by less than this share of their size. */
const MAX_SHIFT_SHARE = 0.1;
/** Pairs of boxes per image that are compared; no image of real objects has as many that lie so close together. */
const MAX_PAIRS = 250_000;

/**
 * Removes boxes that lie on another box of their class within a pixel or so, as when a dataset was exported twice with
 * different rounding and merged. Objects that only touch or overlap stay.
 * @param sorted boxes sorted by their upper edge, without exact repetitions
 */
export function withoutNearCopies(sorted: readonly SourceBox[]): SourceBox[] {
  const copies = new Set<SourceBox>();
  let pairs = 0;
  for (const boxes of groupBy(sorted, ({ label }) => label).values()) {
    const kept: SourceBox[] = [];
    for (const box of boxes) {
      const nearest = box.y - Math.max(SAME_EDGE_PX, MAX_SHIFT_SHARE * box.height);
      for (let i = kept.length - 1; i >= 0 && pairs < MAX_PAIRS; i -= 1) {
        const other = kept[i];
        if (other === undefined || other.y < nearest) break;
        pairs += 1;
        if (!isSameObject(box, other)) continue;
        copies.add(box);
        break;
      }
      if (!copies.has(box)) kept.push(box);
    }
  }
  return copies.size === 0 ? [...sorted] : sorted.filter((box) => !copies.has(box));
}

function isSameObject(a: SourceBox, b: SourceBox): boolean {
  const edge = Math.min(SAME_EDGE_PX, SAME_EDGE_SHARE * Math.min(a.width, a.height, b.width, b.height));
  const isNear = (one: number, other: number) => Math.abs(one - other) <= edge;
  const edgesAreNear =
    isNear(a.x, b.x) &&
    isNear(a.y, b.y) &&
    isNear(a.x + a.width, b.x + b.width) &&
    isNear(a.y + a.height, b.y + b.height);
  return edgesAreNear || intersectionOverUnion(rectangleOf(a), rectangleOf(b)) >= SAME_OBJECT;
}

const rectangleOf = ({ x, y, width, height }: SourceBox) => ({ left: x, top: y, width, height });
