/** Boxes that refer to copies of one size, though their images are larger and of several sizes. */

import { median } from '../../lib/median.js';
import { plural } from '../../lib/plural.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import type { Size } from '../model/types.js';
import { byImage, type FramedBox, type FramedFile, MIN_BOXES } from './framed-boxes.js';

/** A COCO file whose boxes all fit copies of the images that were resized to one size. */
export interface ResizedCopies {
  readonly cocoFile: string;
  readonly boxes: number;
  /** The size of the copies, such as `224 x 224 pixels`. */
  readonly size: string;
  readonly paths: readonly string[];
}

/** Chance below which boxes that are spread over their images do not lie within one size, and the same for one axis. */
const MAX_CHANCE = 1e-6;
const MAX_CHANCE_OF_AXIS = 0.01;
const SIDES = ['width', 'height'] as const;
/** Share of the images whose boxes show how far objects reach in an image; a few images can be unlike the others. */
const USUAL = 0.98;
/** Shares of the size: within the first of them a box must start, and beyond the second one must. */
const NEAR_EDGE = 0.1;
const MIN_SPREAD = 0.5;
/** Share of one side of the size that both small and large images reach; objects in a corner reach further in large ones. */
const MIN_REACH = 0.85;
/** Minimum sides of copies, and maximum ratio of these; a smaller or longer part of images holds a logo or a menu. */
const MIN_SIDE = 100;
const MAX_ASPECT = 2;
const MAX_ASPECT_OF_SQUARE = 1.25;

/**
 * Finds the COCO files whose boxes lie within one size in pixels, whatever the size of their images. Objects that are in
 * the same part of all images reach the same share of each instead, so that images of one size show nothing.
 */
export function resizedCopies(files: readonly FramedFile[]): ResizedCopies[] {
  return files.flatMap(({ cocoFile, images, boxes }) => {
    const size = areOfOneSize(boxes) ? undefined : sizeOfCopies(boxes);
    return size === undefined
      ? []
      : [{ cocoFile, boxes: boxes.length, size, paths: images.map(({ image }) => image.path) }];
  });
}

const areOfOneSize = (boxes: readonly FramedBox[]) =>
  boxes.every(({ stated }) => SIDES.every((side) => stated[side] === boxes[0]?.stated[side]));

/** The size to which images were resized: width and height, or one of the sides of each image. */
function sizeOfCopies(boxes: readonly FramedBox[]): string | undefined {
  const size = commonSize(boxes, MAX_ASPECT);
  if (size) return `${Math.ceil(size.width)} x ${Math.ceil(size.height)} pixels`;
  for (const [side, lengthOf] of [
    ['longest', Math.max],
    ['shortest', Math.min],
  ] as const) {
    const square = commonSize(
      boxes.map((box) => inSquare(box, lengthOf(box.stated.width, box.stated.height))),
      MAX_ASPECT_OF_SQUARE,
    );
    if (square) return `${Math.ceil(Math.max(square.width, square.height))} pixels on the ${side} side`;
  }
  return undefined;
}

/** The box of an image that is distorted to a square. */
function inSquare({ path, bbox: [x, y, width, height], stated, file }: FramedBox, length: number): FramedBox {
  const [across, down] = [length / stated.width, length / stated.height];
  return {
    path,
    bbox: [x * across, y * down, width * across, height * down],
    stated: { width: length, height: length },
    file,
  };
}

/** The size that all boxes lie within; undefined if the images explain that. */
function commonSize(boxes: readonly FramedBox[], maxAspect: number): Size | undefined {
  if (boxes.length < MIN_BOXES) return undefined;
  const [across, down] = [axisOf(boxes, 'width'), axisOf(boxes, 'height')];
  const isChance =
    across.chance * down.chance >= MAX_CHANCE || Math.max(across.chance, down.chance) >= MAX_CHANCE_OF_AXIS;
  if (isChance || !across.isFilled || !down.isFilled) return undefined;
  const within = { width: across.end, height: down.end };
  // A few boxes far outside are no sign of copies that are larger than the images.
  if (SIDES.some((side) => within[side] > greatest(boxes.map(({ stated }) => stated[side]))))
    return undefined;
  const [least, most] = [Math.min(across.end, down.end), Math.max(across.end, down.end)];
  if (least < MIN_SIDE || most > maxAspect * least) return undefined;
  return halvesBySize(boxes).every((half) => reach(half, within) >= MIN_REACH) ? within : undefined;
}

/** The boxes of the smaller and of the larger half of the images. */
function halvesBySize(boxes: readonly FramedBox[]): readonly FramedBox[][] {
  const areaOf = ({ stated: { width, height } }: FramedBox) => width * height;
  const middle = median(byImage(boxes).flatMap(([first]) => (first ? [areaOf(first)] : []))) ?? 0;
  return [boxes.filter((box) => areaOf(box) <= middle), boxes.filter((box) => areaOf(box) >= middle)];
}

/** What the boxes show in one axis. */
interface Axis {
  /** The furthest edge, in pixels. */
  readonly end: number;
  /** Whether boxes lie all over that range. */
  readonly isFilled: boolean;
  /** Chance that no box lies beyond it, though objects reach as far in shares of all images. */
  readonly chance: number;
}

function axisOf(boxes: readonly FramedBox[], side: keyof Size): Axis {
  const starts = boxes.map(({ bbox: [x, y] }) => (side === 'width' ? x : y));
  const end = greatest(boxes.map((box) => endOf(box, side)));
  const images = byImage(boxes).map((own) => {
    const length = own[0]?.stated[side] ?? end;
    return { length, share: greatest(own.map((box) => endOf(box, side))) / length };
  });
  const shares = images.map(({ share }) => share).sort((a, b) => a - b);
  const usual = shares[Math.floor(USUAL * (shares.length - 1))] ?? 1;
  return {
    end,
    isFilled: least(starts) <= NEAR_EDGE * end && greatest(starts) >= MIN_SPREAD * end,
    // Boxes of one image lie near one another, so that each image counts once.
    chance: images.reduce((chance, { length }) => chance * Math.min(1, end / (usual * length)), 1),
  };
}

const endOf = ({ bbox: [x, y, width, height] }: FramedBox, side: keyof Size): number =>
  side === 'width' ? x + width : y + height;

/** How far boxes reach, as a share of the size or of a smaller image, in the axis in which they reach further. */
const reach = (boxes: readonly FramedBox[], within: Size): number =>
  greatest(
    boxes.flatMap((box) => SIDES.map((side) => endOf(box, side) / Math.min(within[side], box.stated[side]))),
  );

const greatest = (numbers: readonly number[]): number => numbers.reduce((a, b) => Math.max(a, b), 0);
const least = (numbers: readonly number[]): number =>
  numbers.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);

/** Warns of boxes that refer to copies of one size. */
export function resizedCopiesFinding(copies: readonly ResizedCopies[]): DatasetFinding | undefined {
  const cases = copies.map(
    ({ cocoFile, boxes, size }) => `all ${plural(boxes, 'box')} of ${cocoFile} fit copies of about ${size}`,
  );
  return warning(
    'BOXES_IN_CORNER',
    copies.reduce((sum, { boxes }) => sum + boxes, 0),
    {
      headline: `Boxes probably refer to resized copies of the images: ${cases.join('; ')}, though the images are larger and of several sizes.`,
      rest: 'Check the boxes in the report. If they do not lie on the objects, export images and boxes of one size together.',
    },
    copies.flatMap(({ paths }) => paths),
  );
}
