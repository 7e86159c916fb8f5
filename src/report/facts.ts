import type { BoxReading } from '../dataset/boxes/exif.js';
import type { ExifFile } from '../dataset/boxes/exif-facts.js';
import type { Box, ExifOrientation, Rejected, Size } from '../dataset/model/types.js';

/** What report.html shows of a dataset besides its counts. Bounded, however many images there are. */
export interface ReportFacts {
  readonly images: {
    readonly found: number;
    readonly rejected: number;
    readonly neverAnnotated: number;
    /** Images whose boxes all fell to the box rules. */
    readonly emptied: number;
  };
  /** The most frequent classes first. */
  readonly classes: readonly ClassFacts[];
  /** Classes in all; `classes` holds at most 100. */
  readonly classCount: number;
  readonly boxes: BoxFacts;
  readonly samples: readonly { readonly label: string; readonly images: readonly ShownImage[] }[];
  readonly copies: CopyFacts;
  /** Images with boxes that MIN_BOX_PX dropped. */
  readonly tooSmall: readonly ShownImage[];
  /** Images that were used without some of their boxes. */
  readonly cut: readonly ShownImage[];
  readonly neverAnnotated: readonly ShownImage[];
  /** Sorted by path; at most 50. */
  readonly rejected: readonly ShownRejection[];
  readonly exif: {
    /** Votes of the COCO files with images that EXIF turns; at most 20. */
    readonly files: readonly ExifFile[];
    readonly undecidable: readonly UndecidedImage[];
  };
}

export interface ClassFacts {
  readonly label: string;
  /** What is left after the box rules; `photos` counts copies of one photo once. */
  readonly found: { readonly images: number; readonly boxes: number; readonly photos: number };
  readonly train: { readonly images: number; readonly boxes: number };
  readonly val: { readonly images: number; readonly boxes: number };
  /** Smallest, lower quartile, median, upper quartile and largest square root of a box's area, in pixels; of the used boxes where there are any. */
  readonly sides: readonly [number, number, number, number, number];
}

/** How boxes are distributed: the used ones, or the found ones where the dataset wasn't curated to the end. */
export interface BoxFacts {
  readonly count: number;
  /** Boxes by width (columns) and height (rows) as shares of their image, `SHARE_BINS` each, in halvings of a half. */
  readonly shares: readonly number[];
  /** Boxes by width to height, `ASPECT_BINS` of a quarter of a doubling each; the outer ones hold what is beyond. */
  readonly aspects: readonly number[];
}

export interface CopyFacts {
  /** Groups of two images or more, and the images in them, among all that could be read. */
  readonly groups: number;
  readonly images: number;
  /** Of the images outside the export's train folder, those with a copy in another of its splits; null without splits. */
  readonly leaks: { readonly leaked: number; readonly of: number } | null;
  readonly pairs: readonly (readonly [ShownImage, ShownImage])[];
}

/** `own` is what the picture is shown for, `dropped` was left out. */
export type BoxRole = 'own' | 'other' | 'dropped';

export interface ShownImage {
  /** Path in the archive. */
  readonly path: string;
  /** Key of the preprocessed object; null where only the original is there. */
  readonly key: string | null;
  /** Where the image went; null where it isn't used. */
  readonly split: 'train' | 'val' | null;
  /** Part of the preprocessed image that is shown, in its pixels; null for all of it. */
  readonly view: Rect | null;
  readonly boxes: readonly (Box & { readonly role: BoxRole })[];
}

export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** An image that EXIF turns and whose size doesn't tell what its boxes mean, with its boxes in both readings. */
export interface UndecidedImage {
  readonly orientation: ExifOrientation;
  /** The reading that was taken. */
  readonly reading: BoxReading;
  readonly turned: ShownImage;
  readonly stored: ShownImage;
}

export interface ShownRejection extends Rejected {
  /** Null for a file that isn't there, and for all but a few of each reason. */
  readonly image: ShownImage | null;
}

/** Every picture that the report may show, the most telling first: what a budget of bytes is spent on. */
export function shownImages(facts: ReportFacts): ShownImage[] {
  return [
    ...facts.rejected.flatMap(({ image }) => (image ? [image] : [])),
    ...facts.exif.undecidable.flatMap(({ turned, stored }) => [turned, stored]),
    ...facts.copies.pairs.flat(),
    ...facts.tooSmall,
    ...facts.cut,
    ...facts.neverAnnotated,
    ...interleaved(facts.samples.map(({ images }) => images)),
  ];
}

/** One of each before a second of any. */
function interleaved<T>(lists: readonly (readonly T[])[]): T[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, i) => lists.flatMap((list) => list.slice(i, i + 1))).flat();
}

export function boundsOf(rects: readonly Rect[]): Rect {
  let [left, top, right, bottom] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 0];
  for (const rect of rects) {
    left = Math.min(left, rect.left);
    top = Math.min(top, rect.top);
    right = Math.max(right, rect.left + rect.width);
    bottom = Math.max(bottom, rect.top + rect.height);
  }
  return { left, top, width: right - left, height: bottom - top };
}

/** The part of an image around a box: all of it where the box is large enough to be seen in it. */
export function viewOf(box: Rect, { width, height }: Size): Rect | null {
  const long = Math.max(box.width, box.height);
  const side = Math.round(Math.max(MIN_VIEW, long + Math.min(SURROUNDINGS * long, MAX_SURROUNDINGS)));
  if (side >= LARGE_SHARE * Math.max(width, height)) return null;
  const view = { width: Math.min(width, side), height: Math.min(height, side) };
  const start = (middle: number, length: number, limit: number) =>
    Math.min(limit - length, Math.max(0, Math.round(middle - length / 2)));
  return {
    left: start(box.left + box.width / 2, view.width, width),
    top: start(box.top + box.height / 2, view.height, height),
    ...view,
  };
}

/** Share of an image's longer side from which a view may as well be the whole image. */
const LARGE_SHARE = 0.7;
/** Pixels below which a view would show nothing but pixels. */
const MIN_VIEW = 128;
/** What is around a box tells what it is: this many times its length, up to so many pixels. */
const SURROUNDINGS = 5;
const MAX_SURROUNDINGS = 200;
