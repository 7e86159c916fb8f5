import { byCodePoint } from '../../lib/order.js';
import { EXCHANGED, MAX_BEYOND, SIDES_EXCHANGED } from '../model/box-conventions.js';
import { MAX_REFUSAL_EXAMPLES } from '../model/errors.js';
import { type FractionPart, fractionsIn } from './fractions.js';
import {
  type FramedBox,
  type FramedFile,
  isBeyond,
  isOfShapes,
  MIN_BOXES,
  otherFittingForms,
  rareFittingForms,
  shareBeyond,
} from './framed-boxes.js';
import { areFarBeyond, imagesInOtherForm, imagesInPercent } from './mixed-conventions.js';
import { numberRange, type RangeEnd } from './number-ranges.js';

/** How the boxes of a COCO file, or those of some of its images, are probably written. */
export type Reason =
  /** All numbers, the sizes or the positions lie within 0 to 1. */
  | { readonly kind: 'fractions'; readonly part: FractionPart }
  /** All numbers lie within 0 to the end of the range. */
  | { readonly kind: 'range'; readonly end: RangeEnd }
  /** Boxes reach beyond their images; `fitting` are the conventions in which they lie inside. */
  | { readonly kind: 'beyond'; readonly fitting: readonly string[] };

/** The convention that boxes of a COCO file probably have instead of [left, top, width, height] in pixels. */
export type OtherConvention = Reason & {
  readonly cocoFile: string;
  /** All boxes of the file, and those that show the convention. */
  readonly boxes: number;
  readonly shown: number;
  /** Up to 20 images of the boxes that show it. */
  readonly paths: readonly string[];
  /** Whether the boxes are certainly wrong, which refuses the dataset. */
  readonly isCertain: boolean;
  /** Whether only some images of the file have these boxes. */
  readonly isPartial: boolean;
  /** Whether the boxes are the bounds of polygons or masks, so that no bbox is wrong. */
  readonly areOfShapes: boolean;
};

/** What the boxes show about how they were written. */
export interface ConventionFacts {
  readonly other: readonly OtherConvention[];
  /** Boxes that reach beyond their image, in COCO files that are not in `other`: count, and their images. */
  readonly beyond: {
    readonly boxes: number;
    readonly paths: readonly string[];
    /** The conventions in which all these boxes lie inside their images; none if the boxes are too few to tell. */
    readonly fitting: readonly string[];
  };
}

/** Share of boxes beyond their images from which another convention that fits all boxes is the right one. */
const CERTAIN = 0.3;
/** The same if most of these boxes reach beyond by a large part of their own side, which annotators never do. */
const CERTAIN_IF_FAR = 0.15;
/** Minimum share of boxes beyond their images for a warning about such a convention. */
const LIKELY = 0.05;

/**
 * Compares the boxes with their images, per COCO file. A COCO bbox is [left, top, width, height] in pixels, but some
 * exporters write corners, centres, percent, fractions or numbers from 0 to 1000, or exchange x and y.
 */
export function conventionFacts(files: readonly FramedFile[]): ConventionFacts {
  const other: OtherConvention[] = [];
  const beyond: FramedBox[] = [];
  for (const { cocoFile, images, boxes } of files) {
    const areOfShapes = images.every(isOfShapes);
    const found = otherConvention(boxes, areOfShapes);
    if (found) {
      const { shown, ...rest } = found;
      const paths = pathsOf(shown).slice(0, MAX_REFUSAL_EXAMPLES);
      other.push({ ...{ cocoFile, areOfShapes, boxes: boxes.length }, ...rest, paths, shown: shown.length });
    }
    // Boxes of another kind than those that reach beyond are reported beside these.
    if (!found || (found.isPartial && found.kind !== 'beyond')) beyond.push(...boxes.filter(isBeyond));
  }
  return {
    other,
    beyond: { boxes: beyond.length, paths: pathsOf(beyond), fitting: fittingBeyond(beyond) },
  };
}

/** Minimum boxes beyond their images, most of them far, for which the conventions that fit all of them are named. */
const MIN_FAR_BEYOND = 3;

function fittingBeyond(beyond: readonly FramedBox[]): readonly string[] {
  if (beyond.length >= MIN_BOXES) return fittingForms(beyond);
  // Rare conventions fit a few boxes by chance, and all fit boxes that were drawn a little over the edge.
  return beyond.length >= MIN_FAR_BEYOND && areFarBeyond(beyond) ? otherFittingForms(beyond) : [];
}

const pathsOf = (boxes: readonly FramedBox[]) =>
  [...new Set(boxes.map(({ path }) => path))].sort(byCodePoint);

type Found = Reason &
  Pick<OtherConvention, 'isCertain' | 'isPartial'> & { readonly shown: readonly FramedBox[] };

function otherConvention(boxes: readonly FramedBox[], areOfShapes: boolean): Found | undefined {
  // In the bounds of a shape only x and y can be exchanged.
  const fittingOf = (some: readonly FramedBox[]) =>
    areOfShapes ? otherFittingForms(some).filter((name) => name === EXCHANGED) : fittingForms(some);
  const found = fractionsIn(boxes);
  // A shape of less than a pixel is no sign of another unit for sizes.
  const isMeant = found && (found.part === 'all' || !areOfShapes);
  const fractions = isMeant ? ({ kind: 'fractions', ...found } as const) : undefined;
  if (fractions?.isCertain || boxes.length < MIN_BOXES) return fractions;
  // A few fractions do not explain the other boxes.
  const few = new Set(fractions?.shown);
  const others = few.size > 0 ? boxes.filter((box) => !few.has(box)) : boxes;
  const sides = areOfShapes ? undefined : sidesExchanged(others);
  return rangeOf(others) ?? formOf(others, fittingOf) ?? sides ?? partOf(others, fittingOf) ?? fractions;
}

/** The usual conventions that fit, or else rare ones, which put many boxes beyond their images. */
function fittingForms(boxes: readonly FramedBox[]): readonly string[] {
  const usual = otherFittingForms(boxes);
  return usual.length > 0 || shareBeyond(boxes, 'stated') < CERTAIN ? usual : rareFittingForms(boxes);
}

function rangeOf(boxes: readonly FramedBox[]): Found | undefined {
  const range = numberRange(boxes);
  return range && { kind: 'range', ...range, isPartial: false, shown: boxes };
}

type FittingOf = (boxes: readonly FramedBox[]) => readonly string[];

/** Another form in which all boxes lie inside their images. */
function formOf(boxes: readonly FramedBox[], fittingOf: FittingOf): Found | undefined {
  const shown = boxes.filter(isBeyond);
  const share = shown.length / boxes.length;
  if (share < LIKELY) return undefined;
  const fitting = fittingOf(boxes);
  if (fitting.length === 0) return undefined;
  const isCertain =
    share >= CERTAIN || (share >= CERTAIN_IF_FAR && shown.length >= MIN_BOXES && areFarBeyond(shown));
  return { kind: 'beyond', fitting, isCertain, isPartial: false, shown };
}

/**
 * Boxes with height before width. Only a warning, since only boxes near the right and lower edges differ from boxes that
 * annotators drew over these edges.
 */
function sidesExchanged(boxes: readonly FramedBox[]): Found | undefined {
  const shown = boxes.filter(isBeyond);
  if (shown.length < Math.max(MIN_BOXES, LIKELY * boxes.length)) return undefined;
  const beyond = shareBeyond(boxes, 'stated', (left, top, height, width) => [left, top, width, height]);
  return beyond > MAX_BEYOND
    ? undefined
    : { kind: 'beyond', fitting: [SIDES_EXCHANGED], isCertain: false, isPartial: false, shown };
}

/** Images whose boxes are written in another way than those of the other images. */
function partOf(boxes: readonly FramedBox[], fittingOf: FittingOf): Found | undefined {
  const percent = imagesInPercent(boxes);
  if (percent.length > 0)
    return { kind: 'range', end: 100, isCertain: false, isPartial: true, shown: percent };
  const mixed = imagesInOtherForm(boxes, fittingOf);
  if (!mixed || mixed.boxes.length < LIKELY * boxes.length) return undefined;
  const part = { isCertain: false, isPartial: true, shown: mixed.boxes };
  return mixed.end === undefined
    ? { kind: 'beyond', fitting: mixed.fitting, ...part }
    : { kind: 'range', end: mixed.end, ...part };
}
