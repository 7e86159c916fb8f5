import { type Bbox, BOX_FORMS } from '../model/box-conventions.js';

/** Size of the image that a bbox refers to, in pixels; null where the COCO file does not state it. */
export interface Frame {
  readonly width: number | null;
  readonly height: number | null;
}

const SWAPPED: ReadonlySet<string> = new Set(['[top, left, height, width]', '[top, left, width, height]']);

const UNITS: Readonly<Record<string, (side: number) => number>> = {
  pixels: () => 1,
  percent: (side) => side / 100,
  'fractions of the image size': (side) => side,
};

/** How a bbox that is not in COCO's convention is written; `swapped` where only x and y are exchanged. */
export interface Convention {
  readonly name: string;
  readonly swapped: boolean;
}

/**
 * Returns the convention in which the bbox is the bounds of its own shape; undefined where none is, or where it is
 * COCO's own.
 */
export function conventionOf(bbox: Bbox, shape: Bbox, { width, height }: Frame): Convention | undefined {
  if (isClose(bbox, shape)) return undefined;
  for (const [unit, scaleOf] of Object.entries(UNITS)) {
    if (unit !== 'pixels' && (width === null || height === null)) continue;
    const [scaleX, scaleY] = [scaleOf(width ?? 1), scaleOf(height ?? 1)];
    for (const [form, read] of Object.entries(BOX_FORMS)) {
      const [x, y, w, h] = read(...bbox);
      if (!isClose([x * scaleX, y * scaleY, w * scaleX, h * scaleY], shape)) continue;
      const isSwapped = unit === 'pixels' && SWAPPED.has(form);
      return { name: unit === 'pixels' ? form : `${form} in ${unit}`, swapped: isSwapped };
    }
  }
  return undefined;
}

/** Pixels, and share of the larger side, by which edges of the same box may differ. */
const TOLERANCE_PX = 1.5;
const TOLERANCE_SHARE = 0.01;

function isClose([x, y, w, h]: Bbox, shape: Bbox): boolean {
  const tolerance = Math.max(TOLERANCE_PX, TOLERANCE_SHARE * Math.max(shape[2], shape[3]));
  const pairs = [
    [x, shape[0]],
    [y, shape[1]],
    [x + w, shape[0] + shape[2]],
    [y + h, shape[1] + shape[3]],
  ] as const;
  return pairs.every(([a, b]) => Math.abs(a - b) <= tolerance);
}

/** Returns the bounds of the box turned clockwise by `degrees` about its centre. */
export function turnedBounds([x, y, width, height]: Bbox, degrees: number): Bbox {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.abs(Math.cos(angle)), Math.abs(Math.sin(angle))];
  const turnedWidth = round(width * cos + height * sin);
  const turnedHeight = round(width * sin + height * cos);
  return [
    round(x + (width - turnedWidth) / 2),
    round(y + (height - turnedHeight) / 2),
    turnedWidth,
    turnedHeight,
  ];
}

/** Removes the error of sine and cosine, so that a quarter turn gives whole pixels. */
const round = (value: number) => Math.round(value * 1e6) / 1e6;
