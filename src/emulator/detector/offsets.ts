import type { Rectangle } from '../../evaluation/metrics.js';

/** How a box differs from its window: centre in the window's sides, logarithms of the ratios of sides. */
export const OFFSETS = 4;
export const NO_OFFSETS = new Float32Array(OFFSETS);

/** A window half or twice as large as its object was no window of that object. */
const MOST = 0.7;

export function offsetsOf(window: Rectangle, box: Rectangle): Float32Array {
  return Float32Array.of(
    (box.left + box.width / 2 - window.left - window.width / 2) / window.width,
    (box.top + box.height / 2 - window.top - window.height / 2) / window.height,
    Math.log(box.width / window.width),
    Math.log(box.height / window.height),
  );
}

export function windowToBox(window: Rectangle, offsets: readonly number[]): Rectangle {
  const [x = 0, y = 0, wide = 0, tall = 0] = offsets.map((value) => Math.max(-MOST, Math.min(MOST, value)));
  const width = window.width * Math.exp(wide);
  const height = window.height * Math.exp(tall);
  return {
    left: window.left + window.width * (x + 0.5) - width / 2,
    top: window.top + window.height * (y + 0.5) - height / 2,
    width,
    height,
  };
}
