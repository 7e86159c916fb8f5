import {
  type Bbox,
  BOX_FORMS,
  COCO_CONVENTION,
  isInside,
  RARE_FORMS,
  SIDES_EXCHANGED,
} from '../model/box-conventions.js';
import { intersectionOverUnion } from '../model/rectangle.js';

/** Size of the image that a bbox refers to, in pixels; null if the COCO file does not state it. */
export interface Frame {
  readonly width: number | null;
  readonly height: number | null;
}

/** Whether a box has an area and lies inside its image; only whether it has an area if the size is not known. */
export function fitsFrame(box: Bbox, { width, height }: Frame): boolean {
  if (width === null || height === null) return box[2] > 0 && box[3] > 0;
  return isInside(box, { width, height });
}

/** A way to write a box as four numbers. */
export interface Convention {
  /** Such as `corners [left, top, right, bottom] in percent`. */
  readonly name: string;
  /** Whether only x and y are exchanged. */
  readonly swapped: boolean;
  /** Converts a bbox to COCO's convention; undefined if the size of the image is needed but not known. */
  read(bbox: Bbox, frame: Frame): Bbox | undefined;
}

const SWAPPED: ReadonlySet<string> = new Set(['[top, left, height, width]', '[top, left, width, height]']);

const UNITS: Readonly<Record<string, (side: number) => number>> = {
  pixels: () => 1,
  percent: (side) => side / 100,
  'fractions of the image size': (side) => side,
};

/** All forms whose unit may be pixels, percent or fractions; the first is COCO's own. */
const FORMS = Object.entries({ ...BOX_FORMS, ...RARE_FORMS });

/** Turns a box in pixels into COCO's convention; the last parameter is the height of the image. */
type FromPixels = (bbox: Bbox, height: number) => Bbox;

/** Corners of tools whose y axis points up, from the lower edge of the image. */
const UPPER_LEFT_FIRST: Readonly<Record<string, FromPixels>> = {
  'corners [left, top, right, bottom] with y from below': ([x, top, right, bottom], height) => [
    x,
    height - top,
    right - x,
    top - bottom,
  ],
};

/** Conventions whose areas are those of usual ones, so that only a polygon or mask shows them. */
const BY_SHAPE: Readonly<Record<string, FromPixels>> = {
  '[left, top, width, height] with y from below': ([x, top, w, h], height) => [x, height - top, w, h],
  '[left, bottom, width, height] with y from below': ([x, y, w, h], height) => [x, height - y - h, w, h],
  [SIDES_EXCHANGED]: ([left, top, h, w]) => [left, top, w, h],
  '[right, bottom, width, height]': ([right, bottom, w, h]) => [right - w, bottom - h, w, h],
};

const inPixels = (forms: Readonly<Record<string, FromPixels>>): readonly Convention[] =>
  Object.entries(forms).map(([name, toCoco]) => ({
    name,
    swapped: false,
    read: (bbox, { height }) =>
      height === null && name.endsWith('from below') ? undefined : toCoco(bbox, height ?? 0),
  }));

/** The conventions that numbers and areas tell apart; the first is COCO's own. */
export const MEASURED_CONVENTIONS: readonly Convention[] = Object.entries(UNITS)
  .flatMap(([unit, scaleOf]) =>
    FORMS.map(([form, toCoco]) => ({
      name: unit === 'pixels' ? form : `${form} in ${unit}`,
      swapped: unit === 'pixels' && SWAPPED.has(form),
      read(bbox: Bbox, { width, height }: Frame): Bbox | undefined {
        if (unit !== 'pixels' && (width === null || height === null)) return undefined;
        const [scaleX, scaleY] = [scaleOf(width ?? 1), scaleOf(height ?? 1)];
        const [x, y, w, h] = toCoco(...bbox);
        return [x * scaleX, y * scaleY, w * scaleX, h * scaleY];
      },
    })),
  )
  .concat(inPixels(UPPER_LEFT_FIRST));

const CONVENTIONS = [...MEASURED_CONVENTIONS, ...inPixels(BY_SHAPE)];

/** The convention of a form, such as `centre [x, y, width, height]`, in a unit; undefined if there is none. */
export const conventionNamed = (form: string, unit: string): Convention | undefined =>
  CONVENTIONS.find(({ name }) => name === (unit === 'pixels' ? form : `${form} in ${unit}`));

export const isCoco = ({ name }: Convention) => name === COCO_CONVENTION;
const COCO_ONLY: readonly Convention[] = CONVENTIONS.filter(isCoco);

/** Returns the conventions in which the bbox is the bounds of its own shape; COCO's own alone if it is one. */
export function conventionsOf(bbox: Bbox, shape: Bbox, frame: Frame): readonly Convention[] {
  // Nearly all files are right, so that the other conventions cost no time there.
  if (isClose(bbox, shape)) return COCO_ONLY;
  return CONVENTIONS.filter((one) => {
    const read = one.read(bbox, frame);
    return read !== undefined && isClose(read, shape);
  });
}

/** Pixels, and share of the larger side, by which edges of the same box may differ. */
const TOLERANCE_PX = 1.5;
const TOLERANCE_SHARE = 0.01;

/** Whether two boxes are the same within a small tolerance. */
export function isClose([x, y, w, h]: Bbox, shape: Bbox): boolean {
  const tolerance = Math.max(TOLERANCE_PX, TOLERANCE_SHARE * Math.max(shape[2], shape[3]));
  const pairs = [
    [x, shape[0]],
    [y, shape[1]],
    [x + w, shape[0] + shape[2]],
    [y + h, shape[1] + shape[3]],
  ] as const;
  return pairs.every(([a, b]) => Math.abs(a - b) <= tolerance);
}

/** Intersection over union below which two boxes mark different places. */
const MIN_OVERLAP = 0.5;

/** Whether two boxes mark different places. */
export const areApart = (one: Bbox, other: Bbox): boolean =>
  intersectionOverUnion(rectangle(one), rectangle(other)) < MIN_OVERLAP;

const rectangle = ([left, top, width, height]: Bbox) => ({ left, top, width, height });
