import { groupBy } from '../../lib/group-by.js';
import { byCodePoint } from '../../lib/order.js';
import {
  type Bbox,
  BOX_FORMS,
  COCO_CONVENTION,
  isInside,
  MAX_BEYOND,
  MIN_BEYOND,
  RARE_FORMS,
} from '../model/box-conventions.js';
import { uprightSize } from '../model/orientation.js';
import type { Size, SourceBox } from '../model/types.js';
import type { BoxReading, SeenImage } from './seen-image.js';

/** The two sizes that the boxes of an image may refer to, both in pixels. */
export interface Frame {
  /** The size that the image record states; the file's size if it states none. */
  readonly stated: Size;
  /** The size of the image file in the chosen reading of its EXIF orientation. */
  readonly file: Size;
}

/** A box as its COCO file states it. */
export interface FramedBox extends Frame {
  readonly path: string;
  readonly bbox: Bbox;
}

export function frameOf({ image: { width, height }, result }: SeenImage, reading: BoxReading): Frame {
  const file = reading === 'stored' ? result.stored : uprightSize(result);
  return { stated: width === null || height === null ? file : { width, height }, file };
}

/** Whether the stated size is that of the file with width and height exchanged; also true for squares. */
export const isExchanged = ({ stated, file }: Frame): boolean =>
  stated.width === file.height && stated.height === file.width;

export function framedBoxes(seen: SeenImage, reading: BoxReading): FramedBox[] {
  const { path, boxes } = seen.image;
  const frame = frameOf(seen, reading);
  return boxes.map((box) => new BoxInFrame(path, box, frame));
}

/** A view of a box, which takes a third of the memory of a copy: all boxes of a dataset are compared at once. */
class BoxInFrame implements FramedBox {
  constructor(
    readonly path: string,
    private readonly box: SourceBox,
    private readonly frame: Frame,
  ) {}

  get bbox(): Bbox {
    const { x, y, width, height } = this.box;
    return [x, y, width, height];
  }

  get stated(): Size {
    return this.frame.stated;
  }

  get file(): Size {
    return this.frame.file;
  }
}

/** The boxes by image. Those of one image follow one another in `boxes`. */
export function byImage(boxes: readonly FramedBox[]): FramedBox[][] {
  const images: FramedBox[][] = [];
  let last: FramedBox[] = [];
  for (const box of boxes) {
    if (box.path !== last[0]?.path) {
      last = [];
      images.push(last);
    }
    last.push(box);
  }
  return images;
}

/** Whether the box reaches beyond the stated size of its image. */
export const isBeyond = ({ bbox, stated }: FramedBox): boolean => !isInside(bbox, stated);

/** Whether all boxes of an image are the bounds of polygons or masks. */
export const isOfShapes = ({ image: { boxes, ofShapes = 0 } }: SeenImage): boolean =>
  ofShapes >= boxes.length;

/**
 * Share of boxes that reach beyond the image, 0 to 1.
 * @param size the size that the boxes refer to
 * @param read turns a bbox into COCO's convention
 */
export function shareBeyond(
  boxes: readonly FramedBox[],
  size: keyof Frame,
  read: (...bbox: Bbox) => Bbox = (...bbox) => bbox,
): number {
  const beyond = boxes.reduce((sum, box) => sum + (isInside(read(...box.bbox), box[size]) ? 0 : 1), 0);
  return beyond / Math.max(1, boxes.length);
}

/** Share of a side by which a box reaches far beyond the image: no annotator draws over the edge that far. */
const FAR_SHARE = 0.1;

/**
 * Whether boxes reach beyond their images so far, or so often, that they cannot refer to that size: two of them far, or
 * a tenth of them with one far or three in total.
 */
export function overruns(boxes: readonly FramedBox[], size: keyof Frame): boolean {
  const beyond = boxes.filter((box) => !isInside(box.bbox, box[size]));
  const far = beyond.filter(({ bbox: [left, top, width, height], [size]: { width: w, height: h } }) => {
    const across = Math.max(-left, left + width - w);
    const down = Math.max(-top, top + height - h);
    return across > FAR_SHARE * w || down > FAR_SHARE * h;
  }).length;
  const share = beyond.length / Math.max(1, boxes.length);
  if (share <= MAX_BEYOND) return false;
  return far >= 2 || (share >= MIN_BEYOND && (far >= 1 || beyond.length >= 3));
}

/** The usual conventions, except COCO's own, in which the boxes lie inside the stated sizes. */
export const otherFittingForms = (boxes: readonly FramedBox[]): string[] =>
  fittingIn(BOX_FORMS, boxes).filter((name) => name !== COCO_CONVENTION);

/** The rare conventions in which the boxes lie inside the stated sizes. */
export const rareFittingForms = (boxes: readonly FramedBox[]): string[] => fittingIn(RARE_FORMS, boxes);

const fittingIn = (forms: typeof BOX_FORMS, boxes: readonly FramedBox[]): string[] =>
  Object.entries(forms).flatMap(([name, read]) =>
    shareBeyond(boxes, 'stated', read) <= MAX_BEYOND ? [name] : [],
  );

/** Minimum boxes of a COCO file; with fewer, a share of them is not meaningful. */
export const MIN_BOXES = 10;

/**
 * Groups the images with boxes by COCO file, since each file has one exporter. Files with fewer than `MIN_BOXES` boxes
 * are one group: some tools write one file per image.
 * @param keyOf divides the images further
 */
export function byCocoFile(
  images: readonly SeenImage[],
  keyOf = ({ image }: SeenImage) => image.cocoFile,
): ReadonlyMap<string, readonly SeenImage[]> {
  const byFile = groupBy(
    images.filter(({ image }) => image.boxes.length > 0),
    keyOf,
  );
  const isSmall = (own: readonly SeenImage[]) =>
    own.reduce((sum, { image }) => sum + image.boxes.length, 0) < MIN_BOXES;
  const sorted = [...byFile].sort(([a], [b]) => byCodePoint(a, b));
  const [first, ...others] = sorted.filter(([, own]) => isSmall(own));
  if (first === undefined || others.length === 0) return new Map(sorted);
  const large = sorted.filter(([, own]) => !isSmall(own));
  const small = [...first[1], ...others.flatMap(([, own]) => own)];
  return new Map([...large, [`${first[0]} and ${others.length} more`, small]]);
}

/** The images with boxes of a COCO file, or of several small ones, and all these boxes, image by image. */
export interface FramedFile {
  readonly cocoFile: string;
  readonly images: readonly SeenImage[];
  readonly boxes: readonly FramedBox[];
}

export function framedFiles(
  seen: readonly SeenImage[],
  readingOf: (seen: SeenImage) => BoxReading,
): FramedFile[] {
  return [...byCocoFile(seen)].map(([cocoFile, images]) => ({
    cocoFile,
    images,
    boxes: images.flatMap((one) => framedBoxes(one, readingOf(one))),
  }));
}

/** Boxes nearer to each other than this share of the image have one place: objects of a fixed camera prove little. */
const SAME_PLACE = 0.02;

/** The number of different places in images of that size at which boxes begin. */
export function placesOf(boxes: readonly FramedBox[], size: keyof Frame): number {
  const places = boxes.map(({ bbox: [x, y], [size]: { width, height } }) =>
    [x / width, y / height].map((share) => Math.round(share / SAME_PLACE)).join(),
  );
  return new Set(places).size;
}
