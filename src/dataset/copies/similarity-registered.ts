import { THUMBNAIL_SIDE as SIDE } from '../model/thumbnail.js';
import { boxSums, TURN_PIXELS } from './similarity.js';

/** A rotation, zoom and shift of a picture in one of `TURNS`. */
export interface Movement {
  /** Index in `TURNS`. */
  readonly turn: number;
  /** Cosine and sine of the rotation, in 1/1024. */
  readonly cos: number;
  readonly sin: number;
  /** Zoom in percent. */
  readonly scale: number;
  /** Shifts in pixels of the thumbnail. */
  readonly across: number;
  readonly down: number;
}

/** How well two pictures agree, -1 to 1, if the second one is turned and then moved like this. */
export interface Registration {
  readonly agreement: number;
  readonly movement: Movement;
}

/** Read once: reading a global is slow in a VM context, where tests run. */
const { floor, round, sqrt } = Math;

/** Cosine and sine of -15 to 15 degrees in steps of 5, in 1/1024. A table, since engines differ in the last digit. */
const ROTATIONS: readonly (readonly [number, number])[] = [
  [989, -265],
  [1008, -178],
  [1020, -89],
  [1024, 0],
  [1020, 89],
  [1008, 178],
  [989, 265],
];
/** Zoom factors in percent. */
const SCALES = [80, 90, 100, 111, 125];
/** Shifts in pixels of the thumbnail, on each axis. Good placements are refined by the small shifts. */
const SHIFTS = [-8, -4, 0, 4, 8];
const SMALL_SHIFTS = [-2, 0, 2];

/** Points per side of the grid over the centre of the pictures, and their spacing in tenths of a pixel. */
const POINTS = 20;
const SPACING = 22;
/** Minimum share of the points that must lie inside both pictures. */
const MIN_INSIDE = 0.7;
/** Number of placements that the coarse pass passes on to the fine pass. */
const FINALISTS = 32;

/** Pixel indexes of a grid; -1 for points outside the picture. */
export type Grid = Int16Array;

type Placed = Omit<Movement, 'turn'>;

const isCoarse = (_: number, point: number) => point % 2 === 0 && floor(point / POINTS) % 2 === 0;
const UNMOVED: Placed = { cos: 1024, sin: 0, scale: 100, across: 0, down: 0 };
const UPRIGHT = placedGrid(UNMOVED);
const COARSE_UPRIGHT = UPRIGHT.filter(isCoarse);

interface Placement {
  readonly coarse: Grid;
  /** Placements around the coarse one, computed when they are first needed: few placements become finalists. */
  readonly fine: () => readonly { readonly placed: Placed; readonly grid: Grid }[];
}

interface Finalist extends Pick<Placement, 'fine'> {
  readonly turn: number;
  readonly turned: Int32Array;
  readonly agreement: number;
}

/** A placement for each rotation, zoom and shift. Not computed at import: most processes compare no pictures. */
const placements = once((): readonly Placement[] =>
  ROTATIONS.flatMap(([cos, sin]) =>
    SCALES.flatMap((scale) =>
      SHIFTS.flatMap((down) =>
        SHIFTS.map((across) => ({
          coarse: placedGrid({ cos, sin, scale, across, down }).filter(isCoarse),
          fine: once(() =>
            SMALL_SHIFTS.flatMap((y) =>
              SMALL_SHIFTS.map((x) => {
                const placed = { cos, sin, scale, across: across + x, down: down + y };
                return { placed, grid: placedGrid(placed) };
              }),
            ),
          ),
        })),
      ),
    ),
  ),
);

/** The maximum of `registration`: how well two pictures agree if one may be a moved copy of the other one. */
export function registeredAgreement(a: Uint8Array, b: Uint8Array): number {
  return registration(shapesOf(a), shapesOf(b)).agreement;
}

/**
 * Finds the movement of `b` by which two pictures agree best, if one may be the other one turned, rotated by up to 15 degrees,
 * zoomed by up to a quarter and shifted, as exporters augment: the best of all placements of a grid.
 * @param a shapes of the pictures, from `shapesOf`
 */
export function registration(a: Int32Array, b: Int32Array): Registration {
  const finalists: Finalist[] = [];
  for (const [turn, pixels] of TURN_PIXELS.entries()) {
    const turned = Int32Array.from(pixels, (pixel) => b[pixel] ?? 0);
    for (const { coarse, fine } of placements()) {
      const agreement = gridCorrelation(a, COARSE_UPRIGHT, turned, coarse);
      if (agreement > (finalists[FINALISTS - 1]?.agreement ?? -2)) {
        insert(finalists, { turn, turned, fine, agreement });
      }
    }
  }
  let best: Registration = { agreement: -1, movement: { turn: 0, ...UNMOVED } };
  for (const { turn, turned, fine } of finalists) {
    for (const { placed, grid } of fine()) {
      const agreement = gridCorrelation(a, UPRIGHT, turned, grid);
      if (agreement > best.agreement) best = { agreement, movement: { turn, ...placed } };
    }
  }
  return best;
}

/** Inserts a placement behind those that agree as well, and drops the last one if there are too many. */
function insert(finalists: Finalist[], one: Finalist): void {
  let at = finalists.length;
  while (at > 0 && (finalists[at - 1]?.agreement ?? -1) < one.agreement) at -= 1;
  finalists.splice(at, 0, one);
  if (finalists.length > FINALISTS) finalists.pop();
}

/** Agreement of two pictures, -1 to 1, as they are. */
export const agreementInPlace = (a: Int32Array, b: Int32Array): number =>
  gridCorrelation(a, UPRIGHT, b, UPRIGHT);

/**
 * The shapes of a few pixels of a picture: broad light and shade are alike in unrelated photos, and single pixels do not
 * keep their positions. Means of 3x3 pixels minus means of 17x17 pixels, in 1/2601.
 */
export function shapesOf(picture: Uint8Array): Int32Array {
  const broad = boxSums(picture, 8);
  return boxSums(picture, 1).map((sum, pixel) => 289 * sum - 9 * (broad[pixel] ?? 0));
}

/** The pixels of a grid over the centre of a picture, in the moved picture. */
function placedGrid(placed: Placed): Grid {
  return Int16Array.from({ length: POINTS * POINTS }, (_, point) => {
    const x = (2 * (point % POINTS) - POINTS + 1) * SPACING;
    const y = (2 * floor(point / POINTS) - POINTS + 1) * SPACING;
    return pixelAt(placedPoint(x, y, placed));
  });
}

/**
 * The column and row of a point in the moved picture, unrounded.
 * @param x from the centre of the picture, in twentieths of a pixel
 */
export function placedPoint(x: number, y: number, placed: Placed): readonly [number, number] {
  const { cos, sin, scale, across, down } = placed;
  const unit = 20 * 1024 * 100;
  return [
    ((x * cos - y * sin) * scale) / unit + (SIDE - 1) / 2 + across,
    ((x * sin + y * cos) * scale) / unit + (SIDE - 1) / 2 + down,
  ];
}

/** The index of the pixel at a column and row; -1 outside the picture. */
export function pixelAt([x, y]: readonly [number, number]): number {
  const [column, row] = [round(x), round(y)];
  return column < 0 || row < 0 || column >= SIDE || row >= SIDE ? -1 : row * SIDE + column;
}

/** Correlation of the pixels of two grids, -1 to 1; -1 if too few points lie inside the second picture. */
export function gridCorrelation(a: Int32Array, gridA: Grid, b: Int32Array, gridB: Grid): number {
  // One by one: V8 keeps the sums of a destructured array as objects, which is three times as slow.
  let n = 0;
  let sumA = 0;
  let sumB = 0;
  let sumAA = 0;
  let sumBB = 0;
  let sumAB = 0;
  for (let point = 0; point < gridB.length; point++) {
    const pixel = gridB[point] as number;
    if (pixel < 0) continue;
    const p = a[gridA[point] as number] as number;
    const q = b[pixel] as number;
    n += 1;
    sumA += p;
    sumB += q;
    sumAA += p * p;
    sumBB += q * q;
    sumAB += p * q;
  }
  const [varianceA, varianceB] = [n * sumAA - sumA * sumA, n * sumBB - sumB * sumB];
  if (n < MIN_INSIDE * gridB.length || varianceA <= 0 || varianceB <= 0) return -1;
  return (n * sumAB - sumA * sumB) / sqrt(varianceA) / sqrt(varianceB);
}

/** A function that computes its value at the first call. */
function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
