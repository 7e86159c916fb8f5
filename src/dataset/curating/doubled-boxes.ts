import { DisjointSets } from '../../lib/disjoint-sets.js';
import { groupBy } from '../../lib/group-by.js';
import { percentText } from '../../lib/percent.js';
import { agreeing, plural } from '../../lib/plural.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import { placeText } from '../model/place-text.js';
import { intersectionOverUnion } from '../model/rectangle.js';
import type { Box, CuratedImage } from '../model/types.js';

/** Intersection over union from which two boxes of one class probably mark one object. */
const SAME_OBJECT = 0.5;
/**
 * Minimum share of the objects of an image that have several boxes. People label whole images, while in crowds only some
 * objects overlap so much: in images of 20 people drawn at random, 15 % of the objects, but half of them in one of 90.
 */
const SHARE_OF_IMAGE = 0.5;
/** Minimum share of the objects of a dataset, and minimum objects, for a finding. */
const NOTABLE_SHARE = 0.1;
const MIN_OBJECTS = 10;

/** The finding on objects that several people have labelled; undefined if there are few. */
export function doubledBoxes(used: readonly CuratedImage[]): DatasetFinding | undefined {
  let total = 0;
  const doubled = used.flatMap(({ path, boxes: all }) => {
    const objects = objectsOf(all);
    total += objects.length;
    const several = objects.filter(({ length }) => length > 1);
    return several.length >= SHARE_OF_IMAGE * objects.length ? several.map((boxes) => ({ path, boxes })) : [];
  });
  const count = doubled.length;
  if (count < MIN_OBJECTS || count <= NOTABLE_SHARE * total) return undefined;
  return warning(
    'BOXES_DOUBLED',
    doubled.reduce((sum, { boxes }) => sum + boxes.length, 0),
    {
      headline: `${count} of ${plural(total, 'object')} (${percentText(count, total)}) ${agreeing(count, 'has', 'have')} several boxes of one class that overlap by more than half, as if several people had labelled the same images, so scores are unreliable.`,
      rest: 'Keep the labels of one person per image and export again.',
    },
    doubled.map(({ path, boxes }) => `${path}: ${boxes[0]?.label} ${boxes.map(placeText).join(' and ')}`),
  );
}

/** The boxes of an image by the object that they probably mark. */
function objectsOf(boxes: readonly Box[]): Box[][] {
  return [...groupBy(boxes, ({ label }) => label).values()].flatMap((own) => {
    const sets = overlapping(own);
    if (!sets) return own.map((box) => [box]);
    const objects = groupBy(own.entries(), ([index]) => sets.find(index));
    return [...objects.values()].map((entries) => entries.map(([, box]) => box));
  });
}

/** The boxes that overlap as sets of their indexes; undefined if none do, as in most images. */
function overlapping(boxes: readonly Box[]): DisjointSets | undefined {
  let sets: DisjointSets | undefined;
  for (const [a, box] of boxes.entries()) {
    for (const [b, other] of boxes.entries()) {
      if (b >= a) break;
      if (intersectionOverUnion(box, other) < SAME_OBJECT) continue;
      sets ??= new DisjointSets(boxes.length);
      sets.join(a, b);
    }
  }
  return sets;
}
