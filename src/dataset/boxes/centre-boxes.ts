/** Boxes whose position is that of their centre instead of their upper left corner. */

import { byCodePoint } from '../../lib/order.js';
import { plural } from '../../lib/plural.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import type { SourceBox } from '../model/types.js';
import { type FramedBox, type FramedFile, placesOf } from './framed-boxes.js';
import type { SeenImage } from './seen-image.js';

/** A box is near an edge within the first share of its own side, and at it within the second one. */
const NEAR = 0.25;
const AT_EDGE = 0.1;
/** Pixels by which positions are rounded. */
const ROUNDED_PX = 1.5;
/** Minimum places of boxes near each edge, and near two opposite edges in total; minimum share of these at the edge. */
const MIN_PER_EDGE = 3;
const MIN_NEAR = 10;
const MIN_AT_EDGE = 0.2;
/** Maximum boxes beyond an edge, as a share of those near it: if edges were elsewhere, as many would lie beyond. */
const MAX_CONTRARY = 0.05;

/**
 * Finds the images whose boxes are [centre x, centre y, width, height]: read like this, many boxes come close to each
 * edge of their images, and none reaches beyond. Read from the corner, boxes keep half their own size away from the left
 * and upper edges, and reach beyond the others by up to half of it, which no annotator does. Each COCO file is decided as
 * a whole; all files show it together if none contradicts it. Returns the paths of these images.
 */
export function centredImages(framed: readonly FramedFile[]): ReadonlySet<string> {
  const files = framed.map(({ images, boxes }) => {
    // The bounds of a polygon have no other point.
    const hasShapes = images.some(({ image: { ofShapes = 0 } }) => ofShapes > 0);
    return { images, boxes, isPossible: !hasShapes && AXES.every((axis) => areInside(boxes, axis)) };
  });
  const areShown = (boxes: readonly FramedBox[]) => AXES.every((axis) => areCentred(boxes, axis));
  const areAllShown =
    files.every(({ isPossible }) => isPossible) && areShown(files.flatMap(({ boxes }) => boxes));
  const found = files.filter(({ boxes, isPossible }) => areAllShown || (isPossible && areShown(boxes)));
  return new Set(found.flatMap(({ images }) => images.map(({ image }) => image.path)));
}

const AXES = [
  { side: 'width', start: 0, length: 2 },
  { side: 'height', start: 1, length: 3 },
] as const;
type Axis = (typeof AXES)[number];

/** Pixels between each of the two edges of an image and the box that is read from its centre; negative beyond an edge. */
function gapsOf({ bbox, stated }: FramedBox, { side, start, length }: Axis): readonly [number, number] {
  const half = bbox[length] / 2;
  return [bbox[start] - half, stated[side] - bbox[start] - half];
}

/** Whether boxes that are read from their centre lie inside their images. */
function areInside(boxes: readonly FramedBox[], axis: Axis): boolean {
  return EDGES.every((edge) => {
    const beyond = boxes.filter((box) => gapsOf(box, axis)[edge] < -ROUNDED_PX);
    return beyond.length <= MAX_CONTRARY * placesNear(boxes, axis, edge, NEAR);
  });
}

/** Whether boxes that are read from their centre come close to both edges, and from their corner reach beyond one. */
function areCentred(boxes: readonly FramedBox[], axis: Axis): boolean {
  const [near, atEdge] = [NEAR, AT_EDGE].map((share) =>
    EDGES.map((edge) => placesNear(boxes, axis, edge, share)),
  );
  const beyond = boxes.filter(
    ({ bbox, stated }) => bbox[axis.start] + bbox[axis.length] > stated[axis.side] + ROUNDED_PX,
  );
  const total = sum(near ?? []);
  return (
    Math.min(...(near ?? []), placesOf(beyond, 'stated')) >= MIN_PER_EDGE &&
    total >= MIN_NEAR &&
    sum(atEdge ?? []) >= MIN_AT_EDGE * total
  );
}

const EDGES = [0, 1] as const;

/** The number of places of boxes inside their images, within a share of their own side from an edge. */
function placesNear(boxes: readonly FramedBox[], axis: Axis, edge: 0 | 1, share: number): number {
  const near = boxes.filter((box) => {
    const gap = gapsOf(box, axis)[edge];
    return gap >= -ROUNDED_PX && gap <= share * box.bbox[axis.length];
  });
  return placesOf(near, 'stated');
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);

/** The image with its boxes from their upper left corner. */
export function withCentredBoxes({ image, result }: SeenImage): SeenImage {
  const boxes = image.boxes.map(
    (box): SourceBox => ({ ...box, x: box.x - box.width / 2, y: box.y - box.height / 2 }),
  );
  return { image: { ...image, boxes }, result };
}

/** Warns of boxes that were read from their centre. */
export function centredFinding(paths: ReadonlySet<string>): DatasetFinding | undefined {
  return warning(
    'BOXES_CENTRED',
    paths.size,
    `The boxes of ${plural(paths.size, 'image')} are [centre x, centre y, width, height]: only so do they lie inside their images. They were read like this. Check the boxes in the report.`,
    [...paths].sort(byCodePoint),
  );
}
