import { plural } from '../../lib/plural.js';
import { COCO_CONVENTION } from '../model/box-conventions.js';
import { DatasetError } from '../model/errors.js';
import type { AnnotationPass } from './annotation-pass.js';
import type { SmallerCopies } from './area-scale.js';
import type { Verdict } from './evidence.js';

/** Share of annotations with a shape in which bbox or shape may be wrong, above which the file cannot be used. */
const MAX_TIED = 0.05;

const EXPORT = `Export again with each bbox as ${COCO_CONVENTION} in pixels.`;

/** Returns the error for a COCO file whose numbers contradict each other without showing which are right. */
export function inconsistencyOf(
  path: string,
  { ties, areas, declared, smaller, unplaced }: Verdict,
  { tied, compared }: Pick<AnnotationPass, 'tied' | 'compared'>,
): DatasetError | undefined {
  const refuse = (what: string, count?: number) =>
    new DatasetError('CocoInvalid', `${path}: ${what}`, { file: path, ...(count ? { count } : {}) });
  const pair = ties.mostFrequent;
  if (pair && tied > MAX_TIED * compared) {
    return refuse(
      `bbox and segmentation contradict each other in ${tied} of ${compared} annotations that have both. Either the bbox is written as ${pair.convention}, or the segmentation as ${pair.reading}; nothing shows which. Remove the wrong one or export again.`,
      tied,
    );
  }
  if (declared.contradicted) {
    const { text, name, boxes, inside, insideAsCoco } = declared.contradicted;
    return refuse(
      `${text} declares that each bbox is ${name}, but the boxes contradict it: of ${plural(boxes, 'box')}, ${inside} lie inside their images, and ${insideAsCoco} when read as ${COCO_CONVENTION} in pixels. Remove the declaration if it is wrong, or correct the boxes.`,
      boxes,
    );
  }
  if (areas.ambiguous) {
    const names = areas.ambiguous.map(({ name }) => name).join(' or ');
    return refuse(`by their area, annotations have each bbox as ${names}; nothing shows which. ${EXPORT}`);
  }
  if (unplaced > 0) {
    return refuse(
      `the polygons of ${plural(unplaced, 'annotation')} without a bbox begin at 0, 0. Their points seem to be relative to the upper left corner of their own box, and nothing shows where that is in the image. Export again with each bbox, or with points relative to the upper left corner of the image.`,
      unplaced,
    );
  }
  if (smaller) return refuse(describeSmaller(smaller), smaller.boxes);
  return undefined;
}

function describeSmaller({ factors, images, boxes, isWhole }: SmallerCopies): string {
  const tenths = (number: number) => Math.round(10 * number) / 10;
  const [least, most] = factors.map(tenths);
  const [square, largest] = factors.map((factor) => tenths(factor ** 2));
  const isOne = least === most;
  const range = (from: number | undefined, to: number | undefined) =>
    isOne ? `${from}` : `${from} to ${to}`;
  const of = isWhole
    ? 'all annotations'
    : `all annotations of ${plural(images, 'image')} (${plural(boxes, 'box')})`;
  const sizes = isWhole ? 'If the image files have that size, write it into the image records; if not, ' : '';
  const advice = isOne
    ? `${sizes ? `${sizes}multiply` : 'Multiply'} ${isWhole ? 'each bbox' : 'each bbox of these images'} by ${least}`
    : 'Export again';
  return `the area of ${of} is ${range(square, largest)} times that of their bbox, and all these boxes lie in the upper left part: they refer to images ${range(least, most)} times smaller. ${advice}.`;
}
