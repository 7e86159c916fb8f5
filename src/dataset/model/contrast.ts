/** Share of the darkest and of the brightest values that is ignored, so that single spots do not hide a uniform image. */
const TAIL = 0.01;
/**
 * Minimum difference in luma, of 255, between the dark and the bright parts of an image with contrast. Close-ups of even
 * skin have 10 to 15, and their content is visible.
 */
const MIN_RANGE = 8;
/** Minimum luma, of 255, of the bright parts of an image that is not nearly black. */
const MIN_BRIGHTNESS = 48;
/** Share of the values that are looked at first. */
const FIRST_PART = 1 / 8;

/**
 * Whether an image is nearly uniform or nearly black, so that a model learns little from it. Typical are 12-bit X-ray
 * and thermal images in 16-bit files, of which only a few levels remain after conversion to 8 bits.
 * @param luma 8-bit luma values of the image or of its thumbnail
 */
export function hasLowContrast(luma: Uint8Array): boolean {
  const ignored = Math.floor(TAIL * luma.length);
  // More values only widen the range, so that a few show the contrast of most images.
  return isLow(luma.subarray(0, luma.length * FIRST_PART), ignored) && isLow(luma, ignored);
}

function isLow(luma: Uint8Array, ignored: number): boolean {
  const [low, high] = levelRange(luma, 256, ignored);
  return high - low < MIN_RANGE || high < MIN_BRIGHTNESS;
}

/**
 * Returns the lowest and the highest level of the values without the `ignored` smallest and the `ignored` largest ones.
 * @param levels number of possible values; each value is an integer from 0 to `levels - 1`
 */
export function levelRange(
  values: Uint8Array | Uint16Array,
  levels: number,
  ignored: number,
): readonly [low: number, high: number] {
  const histogram = new Uint32Array(levels);
  // By index: an iterator takes four times as long, and a dataset has a billion values.
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    histogram[value] = (histogram[value] as number) + 1;
  }
  return [levelAt(histogram, ignored + 1), levelAt(histogram, Math.max(1, values.length - ignored))];
}

/** The level of the `rank`-th smallest value, counted from 1. */
function levelAt(histogram: Uint32Array, rank: number): number {
  let seen = 0;
  for (let level = 0; level < histogram.length; level++) {
    seen += histogram[level] ?? 0;
    if (seen >= rank) return level;
  }
  return histogram.length - 1;
}
