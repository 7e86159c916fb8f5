import type { Rectangle } from '../dataset/model/rectangle.js';
import type { Size } from '../dataset/model/types.js';
import type { JudgedImage } from './error-kinds.js';
import { MIN_BOXES } from './verdict.js';

/** A judged image with its size in the pixels of its boxes. */
export interface SizedImage extends JudgedImage, Size {}

/** What a model finds of the objects in a group of boxes, and its false alarms in that group. */
export interface BoxGroup<N extends string> {
  readonly name: N;
  readonly objects: number;
  /** Objects that a detection of their class matches. */
  readonly found: number;
  /** Detections in the group that are not right. */
  readonly falseAlarms: number;
}

export type SizeName = 'small' | 'medium' | 'large';
export type PositionName = 'middle' | 'outside' | 'border';

/** The groups by size, and the shares of the image's area, 0 to 1, from which a box is medium and large. */
export interface SizeGroups {
  readonly mediumFrom: number;
  readonly largeFrom: number;
  readonly groups: readonly BoxGroup<SizeName>[];
}

/** Maximum distance from a border at which a box touches it, as a share of the image's side. */
const BORDER = 0.01;

/**
 * Groups boxes by their share of the image's area. The limits are the thirds of the labelled objects, so that each group
 * has about as many objects and its figures are as reliable. COCO's limits of 32 and 96 pixels depend on the resolution of
 * the images, and often put all objects of a dataset into one group.
 * @returns null if a third of the objects is too small to be judged, or if sizes hardly differ
 */
export function groupBySize(images: readonly SizedImage[]): SizeGroups | null {
  const shares = images
    .flatMap((image) => image.objects.map((box) => areaShare(box, image)))
    .sort((a, b) => a - b);
  const mediumFrom = shares[Math.floor(shares.length / 3)] ?? 0;
  const largeFrom = shares[Math.floor((2 * shares.length) / 3)] ?? 0;
  const groups = countGroups(images, ['small', 'medium', 'large'], (box, size) =>
    sizeOf(box, size, { mediumFrom, largeFrom }),
  );
  return groups.every(({ objects }) => objects >= MIN_BOXES) ? { mediumFrom, largeFrom, groups } : null;
}

/** The group of a box by its share of the area of its image. */
export function sizeOf(
  box: Rectangle,
  size: Size,
  { mediumFrom, largeFrom }: Pick<SizeGroups, 'mediumFrom' | 'largeFrom'>,
): SizeName {
  const share = areaShare(box, size);
  if (share < mediumFrom) return 'small';
  return share < largeFrom ? 'medium' : 'large';
}

/**
 * Groups boxes by their position: `border` if a box touches a border of the image, so that the object may be cut off;
 * `middle` if its centre is in the middle half of the width and of the height; otherwise `outside`.
 */
export function groupByPosition(images: readonly SizedImage[]): BoxGroup<PositionName>[] {
  return countGroups(images, ['middle', 'outside', 'border'], positionOf);
}

function countGroups<N extends string>(
  images: readonly SizedImage[],
  names: readonly N[],
  nameOf: (box: Rectangle, size: Size) => N,
): BoxGroup<N>[] {
  const objects = images.flatMap((image) =>
    image.objects.map(({ kind, ...box }) => ({ name: nameOf(box, image), isFound: kind === 'found' })),
  );
  const alarms = images.flatMap((image) =>
    image.detections.flatMap(({ kind, ...box }) => (kind === 'correct' ? [] : [nameOf(box, image)])),
  );
  return names.map((name) => {
    const own = objects.filter((object) => object.name === name);
    return {
      name,
      objects: own.length,
      found: own.filter(({ isFound }) => isFound).length,
      falseAlarms: alarms.filter((alarm) => alarm === name).length,
    };
  });
}

const areaShare = (box: Rectangle, { width, height }: Size) => (box.width * box.height) / (width * height);

/** The group of a box by its position in its image. */
export function positionOf({ left, top, width, height }: Rectangle, size: Size): PositionName {
  const start = { x: left / size.width, y: top / size.height };
  const end = { x: (left + width) / size.width, y: (top + height) / size.height };
  if (Math.min(start.x, start.y) <= BORDER || Math.max(end.x, end.y) >= 1 - BORDER) return 'border';
  const isMiddle = (centre: number) => centre >= 0.25 && centre <= 0.75;
  return isMiddle((start.x + end.x) / 2) && isMiddle((start.y + end.y) / 2) ? 'middle' : 'outside';
}
