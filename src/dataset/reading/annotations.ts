import { asRecord, idOf, type JsonRecord } from '../../lib/json-records.js';
import { toNumber } from '../../lib/numbers.js';
import type { Bbox } from '../model/box-conventions.js';
import type { ReadingSettings } from '../model/settings.js';
import type { SourceBox } from '../model/types.js';
import { type Convention, conventionOf, type Frame, turnedBounds } from './conventions.js';
import { shapeBox } from './masks.js';

export type ReadAnnotation =
  | {
      readonly box: SourceBox;
      /** Why the box is that of the shape beside the bbox; absent where the bbox was used or missing. */
      readonly fromShape?: 'unreadable' | Convention;
    }
  | { readonly dropped: 'unknown-category' | 'crowd' | 'invalid-box' | 'empty-box' };

/** No image has that many pixels per side; sums and areas of smaller numbers stay finite. */
const MAX_COORDINATE = 1e9;

/**
 * Reads the box of a COCO annotation. Its bbox is used, or the bounds of its polygon or mask where the bbox is missing,
 * cannot be read, or is the same box in another convention.
 * @param frame size of the image record
 */
export function readAnnotation(
  annotation: JsonRecord,
  labels: ReadonlyMap<string, string>,
  { keepCrowd }: ReadingSettings,
  frame: Frame,
): ReadAnnotation {
  const label = labels.get(idOf(singleOf(annotation.category_id)) ?? '');
  if (label === undefined) return { dropped: 'unknown-category' };
  if (!keepCrowd && isCrowd(annotation)) return { dropped: 'crowd' };
  const shape = usable(shapeBox(annotation.segmentation));
  const stated = statedBox(annotation.bbox);
  const boxOf = ([x, y, width, height]: Bbox): SourceBox => ({ label, x, y, width, height });
  if (stated === undefined || !usable(stated)) {
    if (shape) return { box: boxOf(shape), ...(isGiven(annotation.bbox) ? { fromShape: 'unreadable' } : {}) };
    return { dropped: stated?.every(isInRange) ? 'empty-box' : 'invalid-box' };
  }
  const convention = shape && conventionOf(stated, shape, frame);
  if (shape && convention) return { box: boxOf(shape), fromShape: convention };
  return { box: boxOf(turned(annotation, stated, shape)) };
}

const isCrowd = ({ iscrowd }: JsonRecord) => iscrowd === true || toNumber(iscrowd) === 1;
/** Some exporters write one id as a list. */
const singleOf = (value: unknown): unknown =>
  Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value;

const isGiven = (bbox: unknown) =>
  bbox !== undefined && bbox !== null && !(Array.isArray(bbox) && bbox.length === 0);
const isInRange = (value: number) => Math.abs(value) <= MAX_COORDINATE;

/** The box where its numbers are finite and it has an area. */
function usable(box: Bbox | undefined): Bbox | undefined {
  return box?.every(isInRange) && box[2] > 0 && box[3] > 0 ? box : undefined;
}

function statedBox(bbox: unknown): Bbox | undefined {
  if (!Array.isArray(bbox) || bbox.length !== 4) return undefined;
  const [x, y, width, height] = bbox.map(toNumber);
  if (x === undefined || y === undefined || width === undefined || height === undefined) return undefined;
  return [x, y, width, height];
}

/**
 * CVAT writes a rotated rectangle as the bbox before rotation and the angle. Where the shape is another one than that
 * rectangle, the bbox is already the bounds of the shape.
 */
function turned({ attributes, segmentation }: JsonRecord, bbox: Bbox, shape: Bbox | undefined): Bbox {
  const degrees = toNumber(asRecord(attributes).rotation) ?? 0;
  if (degrees % 180 === 0 || (shape && !isRectangle(segmentation, bbox))) return bbox;
  return turnedBounds(bbox, degrees);
}

/** Whether a segmentation is one polygon whose points are corners of the bbox. */
function isRectangle(segmentation: unknown, [left, top, width, height]: Bbox): boolean {
  if (!Array.isArray(segmentation)) return false;
  const numbers = segmentation.flat(2).map(toNumber);
  const isOn = (value: number | undefined, edges: readonly number[]) =>
    value !== undefined && edges.some((edge) => Math.abs(value - edge) <= 1);
  return numbers.every((value, i) => isOn(value, i % 2 === 0 ? [left, left + width] : [top, top + height]));
}
