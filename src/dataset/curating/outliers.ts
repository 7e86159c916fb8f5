import { groupBy } from '../../lib/group-by.js';
import type { Box, CuratedImage } from '../model/types.js';

/** A box that differs strongly from the others of its class. */
export interface OutlyingBox {
  readonly path: string;
  readonly box: Box;
  readonly why: string;
}

interface Measured {
  readonly path: string;
  readonly box: Box;
  /** Area as a share of the image. */
  readonly area: number;
  /** Width divided by height. */
  readonly aspect: number;
}

/** Minimum boxes per class: the spread of fewer boxes is unknown. */
const MIN_BOXES = 20;
/** Boxes within this factor of the quartiles are never outliers, since some classes have almost no spread. */
const MIN_FACTOR = 4;

/** Boxes whose size or aspect ratio is far from those of the other boxes of their class. */
export function outlyingBoxes(images: readonly CuratedImage[]): OutlyingBox[] {
  return [...byLabel(images).values()]
    .filter((boxes) => boxes.length >= MIN_BOXES)
    .flatMap((boxes) => {
      const area = fence(boxes.map((box) => box.area));
      const aspect = fence(boxes.map((box) => box.aspect));
      return boxes.flatMap(({ path, box, ...measured }): OutlyingBox[] => {
        const why = [
          ...outside(measured.area, area, 'smaller', 'larger'),
          ...outside(measured.aspect, aspect, 'narrower', 'wider'),
        ];
        return why.length > 0
          ? [{ path, box, why: `much ${why.join(' and ')} than other boxes of the class` }]
          : [];
      });
    });
}

function byLabel(images: readonly CuratedImage[]): Map<string, Measured[]> {
  const measured = images.flatMap(({ path, size, boxes }) =>
    boxes.map((box) => ({
      path,
      box,
      area: (box.width * box.height) / (size.width * size.height),
      aspect: box.width / box.height,
    })),
  );
  return groupBy(measured, ({ box }) => box.label);
}

/** Tukey's outer fence on the logarithm of sizes: three times the ratio of the quartiles beyond either. */
function fence(values: readonly number[]): { low: number; high: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  const [lower, upper] = [at(0.25), at(0.75)];
  const spread = upper / lower;
  const factor = Math.max(MIN_FACTOR, spread * spread * spread);
  return { low: lower / factor, high: upper * factor };
}

function outside(value: number, { low, high }: { low: number; high: number }, under: string, over: string) {
  if (value < low) return [under];
  return value > high ? [over] : [];
}
