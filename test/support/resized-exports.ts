/** COCO exports of images that were resized, of which some members of the records still refer to the original images. */

import type { Size } from '../../src/dataset/model/types.js';
import { createRandom } from '../../src/lib/random.js';

/** Which image a member of the COCO file refers to; `none` if the file does not have the member. */
export type Version = 'old' | 'new' | 'none';

/** The members of a COCO file that a tool may forget when it resizes images. */
export interface Members {
  readonly size: Exclude<Version, 'none'>;
  readonly bbox: Exclude<Version, 'none'>;
  readonly segmentation: Version;
  readonly area: Version;
}

type Rectangle = readonly [left: number, top: number, width: number, height: number];

/** How a tool changes an image: the size of the result, and the factors and the shift of all points in it. */
interface Change {
  readonly size: Size;
  readonly factors: readonly [across: number, down: number];
  readonly shift: readonly [x: number, y: number];
}

type Resize = (original: Size) => Change;

const scaledBy =
  (factorOf: (original: Size) => number): Resize =>
  (original) => {
    const factor = factorOf(original);
    return {
      size: { width: Math.round(original.width * factor), height: Math.round(original.height * factor) },
      factors: [factor, factor],
      shift: [0, 0],
    };
  };

const stretched =
  (side: number): Resize =>
  ({ width, height }) => ({
    size: { width: side, height: side },
    factors: [side / width, side / height],
    shift: [0, 0],
  });

const letterboxed =
  (side: number): Resize =>
  ({ width, height }) => {
    const factor = side / Math.max(width, height);
    return {
      size: { width: side, height: side },
      factors: [factor, factor],
      shift: [(side - width * factor) / 2, (side - height * factor) / 2],
    };
  };

/** Cuts a share of each side off. */
const cropped =
  (share: number): Resize =>
  ({ width, height }) => ({
    size: { width: Math.round(width * (1 - 2 * share)), height: Math.round(height * (1 - 2 * share)) },
    factors: [1, 1],
    shift: [-width * share, -height * share],
  });

export const RESIZES = {
  halved: scaledBy(() => 0.5),
  'reduced to 65 %': scaledBy(() => 0.65),
  'reduced to 80 %': scaledBy(() => 0.8),
  doubled: scaledBy(() => 2),
  'reduced to 320 pixels on the longest side': scaledBy(({ width, height }) => 320 / Math.max(width, height)),
  'distorted to 416 x 416': stretched(416),
  'letterboxed to 512 x 512': letterboxed(512),
  'cropped by 10 % per side': cropped(0.1),
} satisfies Readonly<Record<string, Resize>>;

export type ResizeName = keyof typeof RESIZES;

/** Sizes of the original images, in turn. */
export const SEVERAL_SIZES: readonly Size[] = [
  { width: 640, height: 480 },
  { width: 480, height: 640 },
  { width: 800, height: 600 },
  { width: 512, height: 512 },
  { width: 720, height: 405 },
];
const IMAGES = 40;
const MIN_SIDE = 8;

/** A resized image with the objects that are in it. */
export interface ResizedImage {
  readonly name: string;
  readonly size: Size;
  /** The true boxes in pixels of `size`. */
  readonly boxes: readonly Rectangle[];
}

/** Draws the objects, and returns the COCO file and the truth. The same arguments give the same result. */
export function resizedExport(name: ResizeName, members: Members, sizes: readonly Size[]) {
  const random = createRandom(7);
  const images: object[] = [];
  const annotations: object[] = [];
  const truth: ResizedImage[] = [];
  for (let i = 0; i < IMAGES; i += 1) {
    const original = sizes[i % sizes.length] ?? { width: 640, height: 480 };
    const change = RESIZES[name](original);
    const kept: Rectangle[] = [];
    for (let n = random.integer(1, 4); n > 0; n -= 1) {
      const [width, height] = [random.integer(30, 150), random.integer(30, 150)];
      const before: Rectangle = [
        random.integer(2, original.width - width - 3),
        random.integer(2, original.height - height - 3),
        width,
        height,
      ];
      const after = visible(moved(before, change), change.size);
      if (Math.min(after[2], after[3]) < MIN_SIDE) continue;
      kept.push(after);
      annotations.push(annotationOf(annotations.length, i, members, { old: before, new: after }));
    }
    const file = `${String(i).padStart(3, '0')}.jpg`;
    images.push({ id: i, file_name: file, ...(members.size === 'old' ? original : change.size) });
    truth.push({ name: file, size: change.size, boxes: kept });
  }
  return { coco: { images, annotations, categories: [{ id: 1, name: 'acne' }] }, truth };
}

function annotationOf(
  id: number,
  image: number,
  { bbox, segmentation, area }: Members,
  box: Readonly<Record<'old' | 'new', Rectangle>>,
): object {
  const shapeOf = ([x, y, w, h]: Rectangle) => [
    [x + w / 2, y, x + w, y + h / 2, x + w / 2, y + h, x, y + h / 2],
  ];
  const isDiamond = segmentation !== 'none';
  return {
    ...{ id, image_id: image, category_id: 1, iscrowd: 0, bbox: box[bbox] },
    ...(isDiamond ? { segmentation: shapeOf(box[segmentation]) } : {}),
    ...(area === 'none' ? {} : { area: (box[area][2] * box[area][3]) / (isDiamond ? 2 : 1) }),
  };
}

function moved([x, y, w, h]: Rectangle, { factors: [across, down], shift }: Change): Rectangle {
  return [x * across + shift[0], y * down + shift[1], w * across, h * down];
}

function visible([x, y, w, h]: Rectangle, { width, height }: Size): Rectangle {
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  return [left, top, Math.min(width, x + w) - left, Math.min(height, y + h) - top];
}
