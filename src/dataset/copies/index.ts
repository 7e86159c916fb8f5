import { THUMBNAIL_SIDE as SIDE } from '../model/thumbnail.js';
import { type Spread, spreadOf, TURNS } from './similarity.js';

/** Walsh functions of length 8, sorted by their number of sign changes; those with an even number are symmetric. */
const WALSH = [
  '++++++++',
  '++++----',
  '++----++',
  '++--++--',
  '+--++--+',
  '+--+-++-',
  '+-+--+-+',
  '+-+-+-+-',
].map((signs) => Array.from(signs, (sign) => (sign === '+' ? 1 : -1)));
const GRID = WALSH.length;
const CELL = SIDE / GRID;

/** All pairs of functions except the constant one. Broad shapes come first, since they distinguish most images. */
const SHAPES = Array.from({ length: GRID * GRID }, (_, i) => [i % GRID, Math.floor(i / GRID)] as const)
  .filter(([u, v]) => u + v > 0)
  .sort(([u, v], [s, t]) => u + v - s - t || Math.abs(u - v) - Math.abs(s - t) || u - s);
const DIMENSIONS = SHAPES.length;

/** For each turn and shape: the shape whose coefficient replaces it, and the sign. */
const TURNED_SHAPES = TURNS.map(({ transpose, flipX, flipY }) =>
  SHAPES.map(([u, v]) => {
    const [x, y] = transpose ? [v, u] : [u, v];
    return {
      from: SHAPES.findIndex(([s, t]) => s === x && t === y),
      sign: (flipX && x % 2 === 1 ? -1 : 1) * (flipY && y % 2 === 1 ? -1 : 1),
    };
  }),
);

/** Tolerance for the rounding of coefficients to 32 bits. */
const SLACK = 1e-4;
/** Comparisons per step of the search. */
const STEP = 5_000_000;
/** Pictures per step while the index is built. */
const ADDED_STEP = 1000;

/**
 * Finds all pairs of pictures that may correlate above a limit in one of the 8 turns. It misses none.
 *
 * A picture minus its mean, scaled to length 1, is a point. Two points with correlation r have the distance
 * sqrt(2 - 2r), and no larger distance in any orthonormal projection: here, the 63 Walsh coefficients of an 8x8 grid. A
 * turn changes signs and exchanges (u, v) with (v, u) only. So the magnitudes, with the larger of each two first, are
 * equal for all turns of a picture, and their distance is no larger than that of the nearest turns. Pictures are sorted by
 * the first magnitude, so that each is compared with a window of others only, and most comparisons end after a few numbers.
 */
export class SimilarityIndex {
  private readonly coefficients: Float32Array;
  private readonly magnitudes: Float32Array;
  private readonly limit: number;

  constructor(
    private readonly size: number,
    private readonly thumbnail64: (index: number) => Uint8Array,
    minCorrelation: number,
  ) {
    this.limit = 2 - 2 * minCorrelation + SLACK;
    this.coefficients = new Float32Array(size * DIMENSIONS);
    this.magnitudes = new Float32Array(size * DIMENSIONS);
  }

  /** Candidate pairs. Yields `undefined` after each step of work, so that the caller can do other work. */
  *pairs(): Generator<readonly [number, number] | undefined> {
    const order: number[] = [];
    for (let index = 0; index < this.size; index++) {
      if (index % ADDED_STEP === 0) yield undefined;
      if (this.add(index)) order.push(index);
    }
    order.sort((a, b) => this.first(a) - this.first(b) || a - b);
    const reach = Math.sqrt(this.limit);
    let compared = 0;
    for (const [position, a] of order.entries()) {
      for (let next = position + 1; next < order.length; next++) {
        const b = order[next] ?? 0;
        if (this.first(b) - this.first(a) > reach) break;
        if (++compared % STEP === 0) yield undefined;
        if (this.mayAgree(a, b)) yield [a, b];
      }
    }
  }

  /** The turns of `a` in which the pair from `pairs` may correlate above the limit. */
  turns(a: number, b: number): number[] {
    return TURNED_SHAPES.flatMap((shapes, turn) => {
      let distance = 0;
      for (const [shape, { from, sign }] of shapes.entries()) {
        const turned = sign * (this.coefficients[a * DIMENSIONS + from] ?? 0);
        distance += (turned - (this.coefficients[b * DIMENSIONS + shape] ?? 0)) ** 2;
        if (distance > this.limit) return [];
      }
      return [turn];
    });
  }

  private mayAgree(a: number, b: number): boolean {
    let distance = 0;
    for (let shape = 0; shape < DIMENSIONS; shape++) {
      const difference =
        (this.magnitudes[a * DIMENSIONS + shape] ?? 0) - (this.magnitudes[b * DIMENSIONS + shape] ?? 0);
      distance += difference * difference;
      if (distance > this.limit) return false;
    }
    return true;
  }

  private first(index: number): number {
    return this.magnitudes[index * DIMENSIONS] ?? 0;
  }

  private add(index: number): boolean {
    const picture = this.thumbnail64(index);
    const spread = spreadOf(picture);
    if (spread.deviation === 0) return false;
    const own = this.coefficients.subarray(index * DIMENSIONS, (index + 1) * DIMENSIONS);
    own.set(coefficientsOf(picture, spread));
    SHAPES.forEach(([u, v], shape) => {
      const [here, there] = [shape, shapeOf(v, u)].map((at) => Math.abs(own[at] ?? 0));
      const magnitude = u < v ? Math.max(here ?? 0, there ?? 0) : Math.min(here ?? 0, there ?? 0);
      this.magnitudes[index * DIMENSIONS + shape] = magnitude;
    });
    return true;
  }
}

const shapeIndex = new Map(SHAPES.map(([u, v], index) => [u * GRID + v, index]));
const shapeOf = (u: number, v: number) => shapeIndex.get(u * GRID + v) ?? 0;

/** Walsh coefficients of a picture. All sums are integers; only the final division rounds. */
function coefficientsOf(picture: Uint8Array, { deviation }: Spread): number[] {
  const cells = new Array<number>(GRID * GRID).fill(0);
  picture.forEach((luma, pixel) => {
    const row = Math.floor(pixel / SIDE / CELL);
    const column = Math.floor((pixel % SIDE) / CELL);
    cells[row * GRID + column] = (cells[row * GRID + column] ?? 0) + luma;
  });
  const rows = WALSH.map((across) =>
    Array.from({ length: GRID }, (_, row) =>
      across.reduce((sum, sign, column) => sum + sign * (cells[row * GRID + column] ?? 0), 0),
    ),
  );
  const length = Math.sqrt(deviation);
  return SHAPES.map(([u, v]) => {
    const down = WALSH[v] ?? [];
    return down.reduce((sum, sign, row) => sum + sign * (rows[u]?.[row] ?? 0), 0) / length;
  });
}
