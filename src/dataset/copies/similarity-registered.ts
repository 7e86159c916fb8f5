import { THUMBNAIL_SIDE as SIDE } from '../model/thumbnail.js';
import { boxSums, TURN_PIXELS } from './similarity.js';

/** Read once: reading a global is slow in a VM context, where tests run. */
const { floor, max, round, sqrt } = Math;

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
type Grid = Int16Array;

const isCoarse = (_: number, point: number) => point % 2 === 0 && floor(point / POINTS) % 2 === 0;
const UPRIGHT = placedGrid(1024, 0, 100, 0, 0);
const COARSE_UPRIGHT = UPRIGHT.filter(isCoarse);

interface Placement {
  readonly coarse: Grid;
  /** Grids around the coarse one, computed when they are first needed: few placements become finalists. */
  readonly fine: () => readonly Grid[];
}

/** A placement for each rotation, zoom and shift. Not computed at import: most processes compare no pictures. */
const placements = once((): readonly Placement[] =>
  ROTATIONS.flatMap(([cos, sin]) =>
    SCALES.flatMap((scale) =>
      SHIFTS.flatMap((down) =>
        SHIFTS.map((across) => ({
          coarse: placedGrid(cos, sin, scale, across, down).filter(isCoarse),
          fine: once(() =>
            SMALL_SHIFTS.flatMap((y) =>
              SMALL_SHIFTS.map((x) => placedGrid(cos, sin, scale, across + x, down + y)),
            ),
          ),
        })),
      ),
    ),
  ),
);

/**
 * Agreement of two pictures, -1 to 1, if one may be the other one turned, rotated by up to 15 degrees, zoomed by up to a
 * quarter and shifted, as exporters augment: the maximum over all placements of a grid. It compares shapes of a few pixels:
 * broad light and shade are alike in unrelated photos, and single pixels do not keep their positions.
 */
export function registeredAgreement(a: Uint8Array, b: Uint8Array): number {
  const shapesA = midDetail(a);
  const shapesB = midDetail(b);
  const tried = TURN_PIXELS.flatMap((pixels) => {
    const turned = Int32Array.from(pixels, (pixel) => shapesB[pixel] ?? 0);
    return placements().map(({ coarse, fine }) => ({
      turned,
      fine,
      agreement: gridCorrelation(shapesA, COARSE_UPRIGHT, turned, coarse),
    }));
  });
  const finalists = tried.sort((x, y) => y.agreement - x.agreement).slice(0, FINALISTS);
  const agreements = finalists.flatMap(({ turned, fine }) =>
    fine().map((grid) => gridCorrelation(shapesA, UPRIGHT, turned, grid)),
  );
  return max(...agreements);
}

/** Means of 3x3 pixels minus means of 17x17 pixels, in 1/2601. */
function midDetail(picture: Uint8Array): Int32Array {
  const broad = boxSums(picture, 8);
  return boxSums(picture, 1).map((sum, pixel) => 289 * sum - 9 * (broad[pixel] ?? 0));
}

function placedGrid(cos: number, sin: number, scale: number, across: number, down: number): Grid {
  return Int16Array.from({ length: POINTS * POINTS }, (_, point) => {
    const x = (2 * (point % POINTS) - POINTS + 1) * SPACING;
    const y = (2 * floor(point / POINTS) - POINTS + 1) * SPACING;
    const unit = 20 * 1024 * 100;
    const column = round(((x * cos - y * sin) * scale) / unit + (SIDE - 1) / 2 + across);
    const row = round(((x * sin + y * cos) * scale) / unit + (SIDE - 1) / 2 + down);
    return column < 0 || row < 0 || column >= SIDE || row >= SIDE ? -1 : row * SIDE + column;
  });
}

function gridCorrelation(a: Int32Array, gridA: Grid, b: Int32Array, gridB: Grid): number {
  let [n, sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0, 0];
  for (let point = 0; point < gridB.length; point++) {
    const pixel = gridB[point] ?? -1;
    if (pixel < 0) continue;
    const p = a[gridA[point] ?? 0] ?? 0;
    const q = b[pixel] ?? 0;
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
