import { type Bbox, BOX_FORMS, COCO_CONVENTION, isInside } from '../model/box-conventions.js';

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

/** Conventions of tools whose y axis points up, from the lower edge of the image. */
const FROM_BELOW: readonly Convention[] = (['top', 'bottom'] as const).map((edge) => ({
  name: `[left, ${edge}, width, height] with y from below`,
  swapped: false,
  read: ([x, y, width, height], frame) =>
    frame.height === null
      ? undefined
      : [x, frame.height - y - (edge === 'bottom' ? height : 0), width, height],
}));

/** All conventions; the first is COCO's own. */
export const CONVENTIONS: readonly Convention[] = Object.entries(UNITS)
  .flatMap(([unit, scaleOf]) =>
    Object.entries(BOX_FORMS).map(([form, toCoco]) => ({
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
  .concat(FROM_BELOW);

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
