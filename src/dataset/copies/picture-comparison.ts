import { THUMBNAIL_BYTES as PIXELS, THUMBNAIL_SIDE as SIDE } from '../model/thumbnail.js';
import type { Candidate } from './index.js';
import {
  correlation,
  type Detail,
  detailAgreement,
  fineDetail,
  type Spread,
  turnedPicture,
} from './similarity.js';

/**
 * Images with any names are copies if they reach both values. Measured on five public datasets: different scenes of one
 * fixed camera correlate up to 0.977, re-encoded copies at least 0.994. Unrelated photos of one kind correlate up to
 * 0.933; if their correlation is above 0.9, the correlation of their fine detail is only 0.1.
 */
export const SAME_CORRELATION = 0.985;
const SAME_DETAIL = 0.5;

/** Squared distance of two pictures that just correlate enough, each with a mean of 0 and a length of 1; more than rounding can add. */
const MAX_DISTANCE = (2 - 2 * SAME_CORRELATION) * (1 + 1e-9);
/** Starts of the rows in an order in which neighbours come late: pictures that differ in one place are told apart early. */
const ROWS = Array.from({ length: SIDE }, (_, row) => ((row * 25) % SIDE) * SIDE);

/** Decides whether candidates show the same picture. It keeps what it computed of `a`, since candidates with one `a` come in a row. */
export class PictureComparison {
  #a = -1;
  #turn = 0;
  #turned: Uint8Array = new Uint8Array();
  #detail: Detail | undefined;
  /** `a` with a mean of 0 and a length of 1. */
  readonly #normal = new Float64Array(PIXELS);

  constructor(
    private readonly thumbnail64: (index: number) => Uint8Array,
    private readonly spread: (index: number) => Spread,
  ) {}

  /** Whether the pictures of a candidate reach both values. Neither may be of one colour. */
  isSame({ a, b, turn }: Candidate): boolean {
    if (a !== this.#a || turn !== this.#turn) this.#take(a, turn);
    const other = this.thumbnail64(b);
    const spread = this.spread(b);
    if (this.#isFar(other, spread)) return false;
    if (correlation([this.#turned, this.spread(a)], [other, spread], 0) < SAME_CORRELATION) return false;
    this.#detail ??= fineDetail(this.#turned);
    return detailAgreement(this.#detail, fineDetail(other), 0) >= SAME_DETAIL;
  }

  #take(a: number, turn: number): void {
    [this.#a, this.#turn] = [a, turn];
    this.#turned = turnedPicture(this.thumbnail64(a), turn);
    this.#detail = undefined;
    const { mean, scale } = normalisation(this.spread(a));
    for (let pixel = 0; pixel < PIXELS; pixel++) {
      this.#normal[pixel] = ((this.#turned[pixel] ?? 0) - mean) * scale;
    }
  }

  /** Whether some rows show that the pictures do not correlate enough. Most candidates that do not need few rows. */
  #isFar(other: Uint8Array, spread: Spread): boolean {
    const normal = this.#normal;
    const { mean, scale } = normalisation(spread);
    let distance = 0;
    for (const start of ROWS) {
      for (let pixel = start; pixel < start + SIDE; pixel++) {
        const difference = (normal[pixel] ?? 0) - ((other[pixel] ?? 0) - mean) * scale;
        distance += difference * difference;
      }
      if (distance > MAX_DISTANCE) return true;
    }
    return false;
  }
}

const normalisation = ({ sum, deviation }: Spread) => ({
  mean: sum / PIXELS,
  scale: Math.sqrt(PIXELS / deviation),
});
