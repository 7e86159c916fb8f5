import type { ExifFile } from '../dataset/boxes/exif-facts.js';
import type { BoxReading } from '../dataset/boxes/seen-image.js';
import type { Box, ExifOrientation, Rejected, Side, Size } from '../dataset/model/types.js';
import { interleaved } from '../lib/interleaved.js';
import { hasOwnSection } from './own-sections.js';

/** Counts and images that report.html shows. The size is bounded, however many images the dataset has. */
export interface ReportFacts {
  readonly images: {
    readonly found: number;
    readonly rejected: number;
    readonly neverAnnotated: number;
    /** Annotated images without a box that the box rules keep. */
    readonly emptied: number;
  };
  /** Maximum 100 classes, the most frequent first. */
  readonly classes: readonly ClassFacts[];
  /** Number of all classes. */
  readonly classCount: number;
  readonly boxes: BoxFacts;
  readonly samples: readonly { readonly label: string; readonly images: readonly ShownImage[] }[];
  readonly copies: CopyFacts;
  /** Images with boxes that are smaller than MIN_BOX_PX. */
  readonly tooSmall: readonly ShownImage[];
  /** Images that are used without some of their boxes. */
  readonly cut: readonly ShownImage[];
  readonly neverAnnotated: readonly ShownImage[];
  /** Images that are nearly uniform or nearly black. */
  readonly lowContrast: readonly ShownImage[];
  /** Maximum 50 images, sorted by path. */
  readonly rejected: readonly ShownRejection[];
  readonly exif: {
    /** Votes per COCO file with images that have an EXIF orientation; maximum 20 files. */
    readonly files: readonly ExifFile[];
    readonly undecidable: readonly AmbiguousImage[];
  };
  /** Cases of findings that are shown as pictures. */
  readonly cases: readonly FindingCase[];
}

/** A case of a finding that names images of the dataset. */
export interface FindingCase {
  /** Code of the finding. */
  readonly code: string;
  /** One of the examples of the finding. */
  readonly example: string;
  /** One image, or two that are compared. */
  readonly images: readonly CaseImage[];
}

export interface CaseImage extends ShownImage, Size {
  /** The side that the export put the image on; null if the export does not say it. */
  readonly exported: Side | null;
}

export interface ClassFacts {
  readonly label: string;
  /** Counts after the box rules; `photos` counts copies of one photo once. */
  readonly found: { readonly images: number; readonly boxes: number; readonly photos: number };
  readonly train: { readonly images: number; readonly boxes: number };
  readonly val: { readonly images: number; readonly boxes: number };
  /** Minimum, lower quartile, median, upper quartile and maximum of the square root of the box area, in pixels; of the used boxes if there are any, else of the found ones. */
  readonly sides: readonly [number, number, number, number, number];
}

/** Distribution of box sizes: of the used boxes, or of the found boxes if the dataset was refused. */
export interface BoxFacts {
  readonly count: number;
  /** Number of boxes by height (rows) and width (columns) as shares of the image, `SHARE_BINS` by `SHARE_BINS`, row by row. */
  readonly shares: readonly number[];
  /** Number of boxes by aspect ratio in `ASPECT_BINS` bins; the first and the last bin include all beyond them. */
  readonly aspects: readonly number[];
}

export interface CopyFacts {
  /** Number of groups of two or more copies, and of the images in them, among all readable images. */
  readonly groups: number;
  readonly images: number;
  /** Number of validation and test images of the export (`of`), and of those with a copy in its train split; null if the export has no validation or test split. */
  readonly leaks: { readonly leaked: number; readonly of: number } | null;
  readonly pairs: readonly (readonly [ShownImage, ShownImage])[];
}

/** Maximum number of images per gallery of omitted boxes and images. */
export const MAX_PICTURES = 6;
/** Maximum number of outlines per picture; more would hide the picture. */
export const MAX_OUTLINES = 80;

/** `own` boxes are the reason why the picture is shown, `dropped` boxes were removed, `other` boxes are context. */
export type BoxRole = 'own' | 'other' | 'dropped';

export interface ShownImage {
  /** Path in the archive. */
  readonly path: string;
  /** Key of the preprocessed object; null if only the original exists. */
  readonly key: string | null;
  /** The split that the image is used in; null if it is not used. */
  readonly split: 'train' | 'val' | null;
  /** The part of the preprocessed image that is shown, in its pixels; null for the whole image. */
  readonly view: Rect | null;
  readonly boxes: readonly (Box & { readonly role: BoxRole })[];
}

export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** An image with an EXIF orientation whose COCO size does not show whether its boxes refer to the rotated or the stored image, with its boxes in both readings. */
export interface AmbiguousImage {
  readonly orientation: ExifOrientation;
  /** The reading that is used. */
  readonly reading: BoxReading;
  readonly turned: ShownImage;
  readonly stored: ShownImage;
}

export interface ShownRejection extends Rejected {
  /** Null if the file is missing, and for all but the first images per reason. */
  readonly image: ShownImage | null;
}

/** Every image that the report may show, in order of priority: pictures are embedded until the budget of bytes is used up. */
export function shownImages(facts: ReportFacts): ShownImage[] {
  return [
    ...facts.rejected.flatMap(({ image }) => (image ? [image] : [])),
    ...facts.exif.undecidable.flatMap(({ turned, stored }) => [turned, stored]),
    ...facts.cases.flatMap(({ code, images }) => (hasOwnSection(code) ? [] : images)),
    ...facts.lowContrast,
    ...facts.copies.pairs.flat(),
    ...facts.tooSmall,
    ...facts.cut,
    ...facts.neverAnnotated,
    ...interleaved(facts.samples.map(({ images }) => images)),
  ];
}

/** The smallest rectangle that contains all others. */
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

/** The part of an image around a box; null (the whole image) if the box is large enough to be seen in it. */
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

/** Share of an image's longer side from which the whole image is shown instead of a view. */
const LARGE_SHARE = 0.7;
/** Minimum side of a view in pixels; smaller views are too coarse to recognise anything. */
const MIN_VIEW = 128;
/** Margin around a box that makes it recognisable: a multiple of the box's longer side, up to a maximum in pixels. */
const SURROUNDINGS = 5;
const MAX_SURROUNDINGS = 200;
