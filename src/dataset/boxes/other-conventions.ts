import { byCodePoint } from '../../lib/order.js';
import { agreeing, plural } from '../../lib/plural.js';
import { COCO_CONVENTION, EXCHANGED, isInside } from '../model/box-conventions.js';
import { DatasetError, MAX_REFUSAL_EXAMPLES } from '../model/errors.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import {
  byCocoFile,
  type FramedBox,
  framedBoxes,
  isOfShapes,
  MIN_BOXES,
  otherFittingForms,
} from './framed-boxes.js';
import type { BoxReading, SeenImage } from './seen-image.js';

/** The convention that the boxes of a COCO file probably have instead of [left, top, width, height] in pixels. */
export interface OtherConvention {
  readonly cocoFile: string;
  readonly boxes: number;
  /** The boxes that show it, and up to 20 of their images. */
  readonly shown: number;
  readonly paths: readonly string[];
  /** `fractions` and `beyond` refuse the dataset: their boxes are certainly wrong. */
  readonly kind: 'fractions' | 'beyond' | 'few-beyond' | 'percent';
  /** Whether the boxes are the bounds of polygons or masks, so that no bbox is wrong. */
  readonly areOfShapes: boolean;
  /** The conventions in which all boxes lie inside their images. */
  readonly fitting: readonly string[];
}

/** What the boxes show about how they were written. */
export interface ConventionFacts {
  readonly other: readonly OtherConvention[];
  /** Boxes that reach beyond their image, in COCO files that are not in `other`: count, and their images. */
  readonly beyond: {
    readonly boxes: number;
    readonly paths: readonly string[];
    /** The conventions in which all these boxes lie inside their images. */
    readonly fitting: readonly string[];
  };
}

/** Share of boxes beyond their images from which another convention that fits all boxes is the right one. */
const CERTAIN = 0.3;
/** Minimum share of boxes beyond their images for a warning about such a convention. */
const LIKELY = 0.05;
/** Largest fraction and percentage, with some tolerance for rounding. */
const MAX_FRACTION = 1.01;
const MAX_PERCENT = 100.5;
/** Minimum range of the left and top edges of boxes in percent; that of a logo in a corner is smaller. */
const MIN_PERCENT_SPREAD = 40;
/** Chance below which boxes in pixels do not lie within 100 pixels only. */
const MAX_CHANCE = 1e-6;

/**
 * Compares the boxes with their images, per COCO file. A COCO bbox is [left, top, width, height] in pixels, but some
 * exporters write corners, centres, percent or fractions, or exchange x and y.
 */
export function conventionFacts(
  seen: readonly SeenImage[],
  readingOf: (seen: SeenImage) => BoxReading,
): ConventionFacts {
  const other: OtherConvention[] = [];
  const beyond: FramedBox[] = [];
  for (const [cocoFile, images] of byCocoFile(seen)) {
    const boxes = images.flatMap((one) => framedBoxes(one, readingOf(one)));
    const areOfShapes = images.every(isOfShapes);
    const found = otherConvention(boxes, areOfShapes);
    if (found) other.push({ cocoFile, boxes: boxes.length, areOfShapes, ...found });
    else for (const box of boxes) if (isBeyond(box)) beyond.push(box);
  }
  return {
    other,
    beyond: { boxes: beyond.length, paths: pathsOf(beyond), fitting: otherFittingForms(beyond) },
  };
}

const isBeyond = ({ bbox, stated }: FramedBox) => !isInside(bbox, stated);

const pathsOf = (boxes: readonly FramedBox[]) =>
  [...new Set(boxes.map(({ path }) => path))].sort(byCodePoint);

function otherConvention(
  boxes: readonly FramedBox[],
  areOfShapes: boolean,
): Omit<OtherConvention, 'cocoFile' | 'boxes' | 'areOfShapes'> | undefined {
  const found = (
    kind: OtherConvention['kind'],
    own: readonly FramedBox[],
    fitting: readonly string[] = [],
  ) => ({
    ...{ kind, fitting, shown: own.length },
    paths: pathsOf(own).slice(0, MAX_REFUSAL_EXAMPLES),
  });
  const fractions = boxes.filter(isInFractions);
  if (fractions.length > boxes.length / 2) return found('fractions', fractions);
  if (boxes.length < MIN_BOXES) return undefined;
  if (areInPercent(boxes)) return found('percent', boxes);
  const beyond = boxes.filter(isBeyond);
  const share = beyond.length / boxes.length;
  if (share < LIKELY) return undefined;
  // In the bounds of a shape only x and y can be exchanged.
  const fitting = otherFittingForms(boxes).filter((name) => !areOfShapes || name === EXCHANGED);
  if (fitting.length === 0) return undefined;
  return found(share >= CERTAIN ? 'beyond' : 'few-beyond', beyond, fitting);
}

/** Whether the numbers are at most 1 in an image of more pixels than that. */
function isInFractions({ bbox, stated }: FramedBox): boolean {
  return Math.max(...bbox) <= MAX_FRACTION && Math.min(stated.width, stated.height) > 10 * MAX_FRACTION;
}

/** Whether all boxes fit into 100 x 100 and spread over it, though the images are larger than 100 pixels. */
function areInPercent(boxes: readonly FramedBox[]): boolean {
  let chance = 1;
  const [across, down]: [number[], number[]] = [[], []];
  for (const { bbox, stated } of boxes) {
    const [x, y, width, height] = bbox;
    const isInPercent = isInHundred(x, y, x + width, y + height) || isInHundred(x, y, width, height);
    if (!isInPercent) return false;
    across.push(x);
    down.push(y);
    chance *= Math.min(1, 100 / stated.width) * Math.min(1, 100 / stated.height);
  }
  return Math.min(spread(across), spread(down)) >= MIN_PERCENT_SPREAD && chance < MAX_CHANCE;
}

const isInHundred = (left: number, top: number, right: number, bottom: number) =>
  right > left && bottom > top && right <= MAX_PERCENT && bottom <= MAX_PERCENT;

function spread(values: readonly number[]): number {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return most - least;
}

const AS_COCO = `${COCO_CONVENTION} in pixels`;
const EXPORT = `Export again with each bbox as ${AS_COCO}.`;
const EXPORT_SHAPES =
  'Export again with the points of each segmentation as x, y in pixels, or with each bbox as [left, top, width, height] in pixels.';

/**
 * Refuses boxes that are certainly not [left, top, width, height] in pixels.
 * @throws DatasetError CocoInvalid
 */
export function refuseOtherConventions({ other }: ConventionFacts): void {
  const certain = other.find(({ kind }) => kind === 'fractions' || kind === 'beyond');
  if (!certain) return;
  const { cocoFile, boxes, shown, paths, kind, fitting, areOfShapes } = certain;
  const what = areOfShapes
    ? `the segmentation of ${shown} of ${plural(boxes, 'annotation')} ${kind === 'fractions' ? 'lies within 0 to 1. It looks like fractions of the image size' : 'reaches beyond its image. It looks like polygons with y before x, or masks by rows'}. A COCO segmentation has points as x, y in pixels, or masks by columns`
    : kind === 'fractions'
      ? `${shown} of ${plural(boxes, 'box')} ${agreeing(shown, 'lies', 'lie')} within 0 to 1, so they look like fractions of the image size. A COCO bbox is ${AS_COCO}`
      : `${shown} of ${plural(boxes, 'box')} ${agreeing(shown, 'reaches', 'reach')} beyond their image when read as ${AS_COCO}. They look like ${fitting.join(' or ')}`;
  throw new DatasetError('CocoInvalid', `${cocoFile}: ${what}. ${areOfShapes ? EXPORT_SHAPES : EXPORT}`, {
    file: cocoFile,
    count: shown,
    examples: paths,
  });
}

/** Warns of boxes that are perhaps in another convention, and of boxes that reach beyond their image. */
export function conventionFindings({ other, beyond }: ConventionFacts): DatasetFinding[] {
  const likely = other.filter(({ kind }) => kind === 'percent' || kind === 'few-beyond');
  const texts = likely.map(({ cocoFile, kind, boxes, shown, fitting, areOfShapes }) =>
    kind === 'percent'
      ? `in ${cocoFile} all ${boxes} ${areOfShapes ? 'polygons or masks' : 'boxes'} lie within 0 to 100, though the images are larger: they look like percent of the image size`
      : `in ${cocoFile} ${shown} of ${plural(boxes, 'box')} ${agreeing(shown, 'reaches', 'reach')} beyond their image: they look like ${fitting.join(' or ')}`,
  );
  return [
    warning(
      'BOXES_IN_OTHER_CONVENTION',
      likely.reduce((sum, { boxes }) => sum + boxes, 0),
      {
        headline: `Boxes are probably not ${AS_COCO}: ${texts.join('; ')}.`,
        rest: `Check the boxes in the report. ${likely.every(({ areOfShapes }) => areOfShapes) ? EXPORT_SHAPES : EXPORT}`,
      },
      likely.flatMap(({ paths }) => paths),
    ),
    warning(
      'BOXES_BEYOND_IMAGE',
      beyond.boxes,
      {
        headline: 'Boxes reach beyond their image by more than 2 % of its side.',
        rest: `They were cut at the edge, or dropped if nothing is left.${beyond.boxes >= MIN_BOXES && beyond.fitting.length > 0 ? ` All of them would fit as ${beyond.fitting.join(' or ')}: some boxes may be in that convention.` : ''} Check them in the report, and check that the images are the ones that were labelled.`,
      },
      beyond.paths,
    ),
  ].filter((finding) => finding !== undefined);
}
