import { labelsOf } from '../dataset/model/candidates.js';
import type { CuratedImage } from '../dataset/model/types.js';
import { byCodePoint } from '../lib/order.js';
import type { BoxFacts, ClassFacts } from './facts.js';

/** An image with the boxes to count and the split that it is used in; null if it is not used. */
export interface CountedImage extends CuratedImage {
  readonly split: 'train' | 'val' | null;
}

/** Maximum number of classes in the report. */
const MAX_CLASSES = 100;
/** Bins of a box's side as a share of the image's side, from 1/64 to 1; two bins per halving. */
export const SHARE_BINS = 12;
/** Bins of the aspect ratio from 1:8 to 8:1; four bins per doubling. */
export const ASPECT_BINS = 24;

/** Counts and box sizes per class, the most frequent class first (ties by name), and the number of all classes. */
export function classFacts(
  found: readonly CountedImage[],
  used: readonly CountedImage[] | null,
): { classes: ClassFacts[]; count: number } {
  const [inFound, inTrain, inVal] = [
    countClasses(found),
    countClasses(used?.filter(({ split }) => split === 'train') ?? []),
    countClasses(used?.filter(({ split }) => split === 'val') ?? []),
  ];
  const classes = [...inFound]
    .map(([label, { images, boxes, photos, sides }]) => {
      const [train, val] = [inTrain.get(label), inVal.get(label)];
      const usedSides = [...(train?.sides ?? []), ...(val?.sides ?? [])];
      return {
        label,
        found: { images, boxes, photos: photos.size },
        train: pick(train),
        val: pick(val),
        sides: quartiles(usedSides.length > 0 ? usedSides : sides),
      };
    })
    .sort((a, b) => b.found.images - a.found.images || byCodePoint(a.label, b.label));
  return { classes: classes.slice(0, MAX_CLASSES), count: classes.length };
}

interface ClassCount {
  images: number;
  boxes: number;
  readonly photos: Set<string>;
  readonly sides: number[];
}

function countClasses(images: readonly CountedImage[]): Map<string, ClassCount> {
  const counts = new Map<string, ClassCount>();
  const of = (label: string) => {
    const count = counts.get(label) ?? { images: 0, boxes: 0, photos: new Set(), sides: [] };
    counts.set(label, count);
    return count;
  };
  for (const image of images) {
    for (const label of labelsOf(image)) {
      of(label).images += 1;
      of(label).photos.add(image.group);
    }
    for (const box of image.boxes) {
      of(box.label).boxes += 1;
      of(box.label).sides.push(Math.sqrt(box.width * box.height));
    }
  }
  return counts;
}

const pick = (count: ClassCount | undefined) => ({ images: count?.images ?? 0, boxes: count?.boxes ?? 0 });

function quartiles(values: readonly number[]): ClassFacts['sides'] {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => Math.round((sorted[Math.round(share * (sorted.length - 1))] ?? 0) * 10) / 10;
  return [at(0), at(0.25), at(0.5), at(0.75), at(1)];
}

/** Counts boxes by size and by aspect ratio. */
export function boxFacts(images: readonly CountedImage[]): BoxFacts {
  const shares = Array.from({ length: SHARE_BINS * SHARE_BINS }, () => 0);
  const aspects = Array.from({ length: ASPECT_BINS }, () => 0);
  let count = 0;
  const add = (counts: number[], at: number) => {
    counts[at] = (counts[at] ?? 0) + 1;
  };
  for (const { size, boxes } of images) {
    for (const { width, height } of boxes) {
      count += 1;
      add(shares, shareBin(height / size.height) * SHARE_BINS + shareBin(width / size.width));
      add(aspects, aspectBin(width / height));
    }
  }
  return { count, shares, aspects };
}

const clampBin = (bin: number, bins: number) => Math.min(bins - 1, Math.max(0, Math.floor(bin)));
/** A share of 1 falls in the last bin. */
const shareBin = (share: number) => clampBin(SHARE_BINS + 2 * Math.log2(share), SHARE_BINS);
const aspectBin = (ratio: number) => clampBin(ASPECT_BINS / 2 + 4 * Math.log2(ratio), ASPECT_BINS);
