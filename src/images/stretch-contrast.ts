import { levelRange } from '../dataset/model/contrast.js';

const LEVELS = 65_536;
/** Share of the darkest and of the brightest values that become black and white. */
const TAIL = 0.001;

/**
 * Stretches 16-bit values linearly to the whole range of 8 bits. All channels are stretched alike, so hues are kept.
 * Returns undefined if all values are equal, because there is no contrast to stretch.
 */
export function stretchContrast(values: Uint16Array): Buffer | undefined {
  const [low, high] = levelRange(values, LEVELS, Math.floor(TAIL * values.length));
  if (high === low) return undefined;
  const stretched = Uint8ClampedArray.from(values, (value) =>
    Math.round((255 * (value - low)) / (high - low)),
  );
  return Buffer.from(stretched.buffer);
}
