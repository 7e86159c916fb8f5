import { idOf, type JsonRecord } from '../../lib/json-records.js';
import { toNumber } from '../../lib/numbers.js';
import type { Bbox } from '../model/box-conventions.js';
import { intersectionOverUnion } from '../model/rectangle.js';
import type { ReadingSettings } from '../model/settings.js';
import type { SourceBox } from '../model/types.js';
import type { Categories } from './categories.js';
import { type Convention, conventionsOf, type Frame, isClose, isCoco } from './conventions.js';
import { isCrowd, isDeleted } from './marks.js';
import { shapeBox } from './masks.js';
import { isRectangle, isRotated, otherAngle, rotationOf, turned, turnedBounds } from './rotation.js';

/** What is unusual about a box, for findings. */
export type BoxNote =
  /** The bbox cannot be read; the bounds of the shape were used. */
  | { readonly fromShape: 'unreadable' }
  /** The bbox is the bounds of the shape in another convention; the bounds were used. */
  | { readonly fromShape: Convention }
  /** There is no shape; the bbox was read in the convention that other boxes of the COCO file have. */
  | { readonly converted: Convention }
  /** Bbox and shape mark different places; the bbox was used. */
  | { readonly disagrees: true };

export type ReadAnnotation =
  | {
      readonly box: SourceBox;
      readonly note?: BoxNote;
      /** Whether the annotation states a rotation that was not applied, since nothing shows its meaning. */
      readonly unturned?: boolean;
      /** The conventions in which the bbox is the bounds of its shape; absent if it has no shape. */
      readonly fitting?: readonly Convention[];
    }
  | { readonly dropped: 'unknown-category' | 'deleted' | 'crowd' | 'panoptic' }
  /** `bbox` is the unusable value. */
  | { readonly dropped: 'invalid-box' | 'empty-box'; readonly bbox: unknown };

/** No image has that many pixels per side; sums and areas of smaller numbers stay finite. */
const MAX_COORDINATE = 1e9;
/** Intersection over union below which a bbox and its shape mark different places. */
const MIN_OVERLAP = 0.5;

/** What an annotation is read with. */
export interface AnnotationContext {
  readonly categories: Categories;
  readonly settings: ReadingSettings;
  /** The convention of a bbox without a shape; undefined for COCO's own. */
  readonly assumed: Convention | undefined;
}

/**
 * Reads the box of a COCO annotation. Its bbox is used, or the bounds of its polygon or mask if the bbox is missing,
 * cannot be read, or is the same box in another convention.
 * @param frame size of the image record
 */
export function readAnnotation(
  annotation: JsonRecord,
  { categories, settings: { keepCrowd }, assumed }: AnnotationContext,
  frame: Frame,
): ReadAnnotation {
  if (isDeleted(annotation)) return { dropped: 'deleted' };
  if (Array.isArray(annotation.segments_info)) return { dropped: 'panoptic' };
  const label = categories.labelOf(categoryIdOf(annotation) ?? '');
  if (label === undefined) return { dropped: 'unknown-category' };
  if (!keepCrowd && isCrowd(annotation)) return { dropped: 'crowd' };
  const shape = usable(shapeBox(annotation.segmentation));
  const stated = statedBox(annotation.bbox);
  const boxOf = ([x, y, width, height]: Bbox): SourceBox => ({ label, x, y, width, height });
  if (stated === undefined || !usable(stated)) {
    if (shape) {
      return {
        box: boxOf(shape),
        ...(isGiven(annotation.bbox) ? { note: { fromShape: 'unreadable' } } : {}),
      };
    }
    return { dropped: stated?.every(isInRange) ? 'empty-box' : 'invalid-box', bbox: annotation.bbox };
  }
  if (!shape && assumed) {
    const converted = usable(assumed.read(stated, frame));
    return converted
      ? { box: boxOf(converted), note: { converted: assumed }, unturned: otherAngle(annotation) !== 0 }
      : { dropped: 'invalid-box', bbox: annotation.bbox };
  }
  if (!shape) {
    return { box: boxOf(turned(annotation, stated, shape)), unturned: otherAngle(annotation) !== 0 };
  }
  return besideShape(annotation, stated, shape, { boxOf, frame });
}

/** The id of the category of an annotation, or its name, which some exporters write instead; undefined without either. */
export function categoryIdOf({
  category_name: name,
  category_id: id = name,
}: JsonRecord): string | undefined {
  return idOf(singleOf(id));
}

function besideShape(
  annotation: JsonRecord,
  stated: Bbox,
  shape: Bbox,
  { boxOf, frame }: { readonly boxOf: (bbox: Bbox) => SourceBox; readonly frame: Frame },
): ReadAnnotation {
  const degrees = rotationOf(annotation);
  // The polygon has the corners of the rotated rectangle, whose bbox is stated before rotation.
  if (degrees % 180 !== 0 && isClose(turnedBounds(stated, degrees), shape)) {
    return { box: boxOf(shape), fitting: [] };
  }
  const angle = otherAngle(annotation);
  if (angle !== 0 && !isClose(stated, shape) && isRotated(stated, angle, shape)) {
    return { box: boxOf(shape), fitting: [] };
  }
  const fitting = conventionsOf(stated, shape, frame);
  const [first] = fitting;
  if (first && !isCoco(first)) return { box: boxOf(shape), note: { fromShape: first }, fitting };
  const box = turned(annotation, stated, shape);
  // The polygon of a rectangle that was rotated may be stated before rotation too.
  if (box !== stated) return { box: boxOf(box), fitting };
  // A shape of another kind with the same bounds shows that the bbox is already rotated.
  const unturned = angle !== 0 && (isRectangle(annotation.segmentation, stated) || !isClose(stated, shape));
  const overlap = intersectionOverUnion(rectangle(box), rectangle(shape));
  return {
    box: boxOf(box),
    fitting,
    unturned,
    ...(overlap < MIN_OVERLAP ? { note: { disagrees: true } } : {}),
  };
}

const rectangle = ([left, top, width, height]: Bbox) => ({ left, top, width, height });

/** Some exporters write one id as a list. */
const singleOf = (value: unknown): unknown =>
  Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value;

const isGiven = (bbox: unknown) =>
  bbox !== undefined && bbox !== null && !(Array.isArray(bbox) && bbox.length === 0);
const isInRange = (value: number) => Math.abs(value) <= MAX_COORDINATE;

/** The box if its numbers are finite and it has an area. */
function usable(box: Bbox | undefined): Bbox | undefined {
  return box?.every(isInRange) && box[2] > 0 && box[3] > 0 ? box : undefined;
}

function statedBox(bbox: unknown): Bbox | undefined {
  if (!Array.isArray(bbox) || bbox.length !== 4) return undefined;
  const [x, y, width, height] = bbox.map(toNumber);
  if (x === undefined || y === undefined || width === undefined || height === undefined) return undefined;
  return [x, y, width, height];
}
