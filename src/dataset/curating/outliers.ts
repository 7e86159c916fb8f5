import { groupBy } from '../../lib/group-by.js';
import type { Box, CuratedImage } from '../model/types.js';

export interface OutlyingBox {
  readonly path: string;
  readonly box: Box;
  readonly why: string;
}

interface Measured {
  readonly path: string;
  readonly box: Box;
  /** Share of the picture. */
  readonly area: number;
  /** Width by height. */
  readonly aspect: number;
}

/** Boxes of a class below which its spread is unknown. */
const MIN_BOXES = 20;
/** Classes drawn all alike have no spread: what differs by less than this factor is no outlier there. */
const LEAST_FACTOR = 4;

/** Boxes whose size or aspect lies far from the others of their class. */
export function outlyingBoxes(images: readonly CuratedImage[]): OutlyingBox[] {
  return [...byLabel(images).values()]
    .filter((boxes) => boxes.length >= MIN_BOXES)
    .flatMap((boxes) => {
      const area = fence(boxes.map((box) => box.area));
      const aspect = fence(boxes.map((box) => box.aspect));
      return boxes.flatMap(({ path, box, ...measured }): OutlyingBox[] => {
        const why = [
          ...outside(measured.area, area, 'small', 'large'),
          ...outside(measured.aspect, aspect, 'steep', 'flat'),
        ];
        return why.length > 0 ? [{ path, box, why: `far too ${why.join(' and ')} for the class` }] : [];
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

/** Three times the quartiles' ratio beyond either: Tukey's fence for what is far out, on the logarithm of sizes. */
function fence(values: readonly number[]): { low: number; high: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  const [lower, upper] = [at(0.25), at(0.75)];
  const spread = upper / lower;
  const factor = Math.max(LEAST_FACTOR, spread * spread * spread);
  return { low: lower / factor, high: upper * factor };
}

function outside(value: number, { low, high }: { low: number; high: number }, under: string, over: string) {
  if (value < low) return [under];
  return value > high ? [over] : [];
}
