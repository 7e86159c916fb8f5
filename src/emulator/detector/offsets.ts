import type { Rectangle } from '../../dataset/model/rectangle.js';

/** Difference of a box from its window: shift of the centre in window sides, then logarithms of the ratios of the sides. */
export const OFFSETS = 4;
export const NO_OFFSETS = new Float32Array(OFFSETS);

/** Offsets are clamped, since a window of half or twice the size of an object does not match it. */
const MAX_OFFSET = 0.7;

export function offsetsOf(window: Rectangle, box: Rectangle): Float32Array {
  return Float32Array.of(
    (box.left + box.width / 2 - window.left - window.width / 2) / window.width,
    (box.top + box.height / 2 - window.top - window.height / 2) / window.height,
    Math.log(box.width / window.width),
    Math.log(box.height / window.height),
  );
}

export function windowToBox(window: Rectangle, offsets: readonly number[]): Rectangle {
  const [x = 0, y = 0, wide = 0, tall = 0] = offsets.map((value) =>
    Math.max(-MAX_OFFSET, Math.min(MAX_OFFSET, value)),
  );
  const width = window.width * Math.exp(wide);
  const height = window.height * Math.exp(tall);
  return {
    left: window.left + window.width * (x + 0.5) - width / 2,
    top: window.top + window.height * (y + 0.5) - height / 2,
    width,
    height,
  };
}
