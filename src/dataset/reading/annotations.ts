import { idOf, type JsonRecord } from '../../lib/json-records.js';
import { toNumber } from '../../lib/numbers.js';
import type { ReadingSettings } from '../model/settings.js';
import type { SourceBox } from '../model/types.js';
import { type Bbox, maskBox, polygonBox } from './masks.js';

export type ReadAnnotation =
  | { readonly box: SourceBox; readonly swapped: boolean }
  | { readonly dropped: 'unknown-category' | 'crowd' | 'invalid-box' | 'empty-box' };

/** No image has that many pixels a side; sums and areas of what is smaller stay finite. */
const MAX_COORDINATE = 1e9;

/** The box of a COCO annotation, or why it has none that can be used. */
export function readAnnotation(
  annotation: JsonRecord,
  labels: ReadonlyMap<string, string>,
  { keepCrowd }: ReadingSettings,
): ReadAnnotation {
  const label = labels.get(idOf(annotation.category_id) ?? '');
  if (label === undefined) return { dropped: 'unknown-category' };
  if (!keepCrowd && isCrowd(annotation)) return { dropped: 'crowd' };
  const bbox = boxOf(annotation);
  if (!bbox?.every((value) => Math.abs(value) <= MAX_COORDINATE)) return { dropped: 'invalid-box' };
  const [x, y, width, height] = bbox;
  if (width <= 0 || height <= 0) return { dropped: 'empty-box' };
  return { box: { label, x, y, width, height }, swapped: isSwapped(bbox, annotation.segmentation) };
}

const isCrowd = ({ iscrowd }: JsonRecord) => iscrowd === true || toNumber(iscrowd) === 1;

/** The bbox, or the bounds of the polygon or mask where there is none. */
function boxOf({ bbox, segmentation }: JsonRecord): Bbox | undefined {
  const given = bbox !== undefined && bbox !== null && !(Array.isArray(bbox) && bbox.length === 0);
  if (given) {
    if (!Array.isArray(bbox) || bbox.length !== 4) return undefined;
    const [x, y, width, height] = bbox.map(toNumber);
    if (x === undefined || y === undefined || width === undefined || height === undefined) return undefined;
    return [x, y, width, height];
  }
  if (Array.isArray(segmentation)) return polygonBox(segmentation);
  if (typeof segmentation === 'object' && segmentation !== null) return maskBox(segmentation);
  return undefined;
}

/** Whether the box lies where its own polygon would with x and y exchanged, and not where the polygon is. */
function isSwapped([x, y]: Bbox, segmentation: unknown): boolean {
  if (Math.abs(x - y) <= 2 || !Array.isArray(segmentation) || segmentation.length === 0) return false;
  const bounds = polygonBox(segmentation);
  return bounds !== undefined && Math.abs(bounds[0] - y) <= 1 && Math.abs(bounds[1] - x) <= 1;
}
