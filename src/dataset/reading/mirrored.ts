import type { Bbox } from '../model/box-conventions.js';
import { type Frame, fitsFrame } from './conventions.js';

/** The ways to read a bbox whose width or height is negative. */
export interface MirroredReading {
  /** What the bbox is, such as `[right, bottom, -width, -height]`. */
  readonly name: string;
  read(bbox: Bbox): Bbox;
}

const FROM_CORNER: MirroredReading = {
  name: 'another corner with a negative width or height',
  read: ([x, y, width, height]) => [
    Math.min(x, x + width),
    Math.min(y, y + height),
    Math.abs(width),
    Math.abs(height),
  ],
};
const WRONG_SIGN: MirroredReading = {
  name: '[left, top, width, height] with a wrong sign',
  read: ([x, y, width, height]) => [x, y, Math.abs(width), Math.abs(height)],
};

/** Boxes that fit their images in one reading only, from which this is the reading of a COCO file. */
const MIN_PROOFS = 3;

export const isMirrored = ([, , width, height]: Bbox) => Math.min(width, height) < 0 && width * height !== 0;

/** Collects in which reading boxes with negative sizes lie inside their images. */
export class Mirrored {
  #fromCorner = 0;
  #wrongSign = 0;
  #neither = 0;

  add(bbox: Bbox, frame: Frame): void {
    const [corner, sign] = [FROM_CORNER, WRONG_SIGN].map((one) => fitsFrame(one.read(bbox), frame));
    if (corner && !sign) this.#fromCorner += 1;
    else if (sign && !corner) this.#wrongSign += 1;
    else if (!corner) this.#neither += 1;
  }

  /** The only reading in which the boxes lie inside their images. */
  get reading(): MirroredReading | undefined {
    if (this.#neither > 0 || (this.#fromCorner > 0 && this.#wrongSign > 0)) return undefined;
    if (this.#fromCorner >= MIN_PROOFS) return FROM_CORNER;
    return this.#wrongSign >= MIN_PROOFS ? WRONG_SIGN : undefined;
  }
}
