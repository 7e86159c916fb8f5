/** Whether the angles that a COCO file has as attributes are rotations of its boxes. */

import { type Bbox, MAX_BEYOND } from '../model/box-conventions.js';
import { type Frame, fitsFrame } from './conventions.js';
import { changesBounds, turnedBounds } from './rotation.js';

/** Minimum boxes that deny the rotation: fewer may be labelled carelessly. */
const MIN_DENIALS = 3;

/**
 * Collects boxes with an angle and without a shape. People name attributes of their own `rotation` too, such as the
 * direction of an object; then boxes leave their images if they are rotated.
 */
export class RotationProof {
  #angles = 0;
  #denials = 0;

  add(bbox: Bbox, degrees: number, frame: Frame): void {
    if (!changesBounds(degrees) || !fitsFrame(bbox, frame)) return;
    this.#angles += 1;
    if (!fitsFrame(middlesOfEdges(bbox, degrees), frame)) this.#denials += 1;
  }

  /** Whether rotated boxes leave their images, and those before rotation do not. */
  get isDenied(): boolean {
    return this.#denials >= MIN_DENIALS && this.#denials > MAX_BEYOND * this.#angles;
  }
}

/** The bounds of the middles of the four edges: the corners of an oblique rectangle may lie beyond the image. */
function middlesOfEdges(bbox: Bbox, degrees: number): Bbox {
  const [x, y, width, height] = bbox;
  const [, , acrossWidth, downWidth] = turnedBounds([x, y, width, 0], degrees);
  const [, , acrossHeight, downHeight] = turnedBounds([x, y, 0, height], degrees);
  const [across, down] = [Math.max(acrossWidth, acrossHeight), Math.max(downWidth, downHeight)];
  return [x + (width - across) / 2, y + (height - down) / 2, across, down];
}
