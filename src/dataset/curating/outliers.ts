import type { Box } from '../model/types.js';
import type { BoxesByLabel, PlacedBox } from './placed-boxes.js';

/** A box that differs strongly from the others of its class. */
export interface OutlyingBox {
  readonly path: string;
  readonly box: Box;
  readonly why: string;
}

/** Minimum boxes per class: the spread of fewer boxes is unknown. */
const MIN_BOXES = 20;
/** Boxes within this factor of the quartiles are never outliers, since some classes have almost no spread. */
const MIN_FACTOR = 4;

/** Boxes whose size or aspect ratio is far from those of the other boxes of their class. */
export function outlyingBoxes(byLabel: BoxesByLabel): OutlyingBox[] {
  const outlying: OutlyingBox[] = [];
  for (const boxes of byLabel.classes()) {
    if (boxes.length >= MIN_BOXES) for (const box of outlyingIn(boxes)) outlying.push(box);
  }
  return outlying;
}

/** The outlying boxes of one class. */
function outlyingIn(boxes: readonly PlacedBox[]): OutlyingBox[] {
  const [area, aspect] = [fence(boxes, areaOf), fence(boxes, aspectOf)];
  const isOutlier = (placed: PlacedBox) =>
    isOutside(areaOf(placed), area) || isOutside(aspectOf(placed), aspect);
  return boxes.filter(isOutlier).map((placed) => {
    const why = [
      ...outside(areaOf(placed), area, 'smaller', 'larger'),
      ...outside(aspectOf(placed), aspect, 'narrower', 'wider'),
    ];
    const { box, image } = placed;
    return { path: image.path, box, why: `much ${why.join(' and ')} than other boxes of the class` };
  });
}

/** The smallest and the largest usual value of a measure. */
interface Fence {
  readonly low: number;
  readonly high: number;
}

/** Area as a share of the image. */
const areaOf = ({ box, image: { size } }: PlacedBox) => (box.width * box.height) / (size.width * size.height);

const aspectOf = ({ box }: PlacedBox) => box.width / box.height;

/** Tukey's outer fence on the logarithm of sizes: three times the ratio of the quartiles beyond either. */
function fence(boxes: readonly PlacedBox[], measure: (placed: PlacedBox) => number): Fence {
  const sorted = Float64Array.from(boxes, measure).sort();
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  const [lower, upper] = [at(0.25), at(0.75)];
  const spread = upper / lower;
  const factor = Math.max(MIN_FACTOR, spread * spread * spread);
  return { low: lower / factor, high: upper * factor };
}

const isOutside = (value: number, { low, high }: Fence) => value < low || value > high;

function outside(value: number, { low, high }: Fence, under: string, over: string) {
  if (value < low) return [under];
  return value > high ? [over] : [];
}
