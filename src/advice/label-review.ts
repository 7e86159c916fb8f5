import type { Rectangle } from '../dataset/model/rectangle.js';
import type { Box, Size } from '../dataset/model/types.js';
import { groupByPosition, groupBySize, positionOf, sizeOf } from '../evaluation/box-groups.js';
import type { JudgedDetection, JudgedImage } from '../evaluation/error-kinds.js';
import { summarizeErrors } from '../evaluation/error-summary.js';
import { MIN_BOXES } from '../evaluation/verdict.js';
import { groupBy } from '../lib/group-by.js';
import { median } from '../lib/median.js';
import { byCodePoint } from '../lib/order.js';

/** A test image with its place in the archive. Boxes are in the pixels of the preprocessed image. */
export interface ReviewedImage extends JudgedImage {
  /** Path in the archive. */
  readonly path: string;
  /** S3 key of the preprocessed image. */
  readonly key: string;
  readonly width: number;
  readonly height: number;
}

/** Why a label is doubtful. */
export type DoubtReason =
  /** A confident detection where nothing is labelled: a box may be missing. */
  | 'box-missing'
  /** A confident detection of another class on a labelled object: the class may be wrong. */
  | 'class-contradicted'
  /** Nothing is detected, though most objects of the class are found: the box may be wrong. */
  | 'box-doubtful';

/** A label that a person should look at. */
export interface LabelDoubt {
  readonly path: string;
  readonly key: string;
  /** Pixels; the box uses the same. */
  readonly width: number;
  readonly height: number;
  readonly reason: DoubtReason;
  /** Class of the labelled box; null if no box is there. */
  readonly labelled: string | null;
  /** Class that the model detects; null if it detects nothing. */
  readonly detected: string | null;
  /** Confidence of the detection, 0 to 1; null without one. */
  readonly confidence: number | null;
  /** The labelled box, or the detected one if no box is there. */
  readonly box: Rectangle;
  /** 0 to 1. The higher, the more doubtful is the label. */
  readonly weight: number;
}

/** Minimum right detections of a class, with which the confidence of others is compared. */
const MIN_RIGHT = 3;
/** Minimum share of right ones among the confident detections of a class, from which a contradiction says something. */
const MOSTLY_RIGHT = 0.5;
/** Minimum share of the objects of a class that are found, from which one that is not detected is doubtful. */
const MOSTLY_FOUND = 0.7;

/**
 * Ranks the labels of the test images by how clearly the model contradicts them, the most doubtful first. A detection is
 * confident if it is as confident as half of the right ones of its class, because models differ in how confident they
 * are. It says something only if such detections are mostly right.
 */
export function reviewLabels(images: readonly ReviewedImage[]): LabelDoubt[] {
  const classes = confidentClasses(images);
  const foundShare = foundShares(images);
  return images
    .flatMap((image) => [
      ...image.detections.flatMap((detection) => doubtOfDetection(image, detection, classes)),
      ...image.objects.flatMap((object): LabelDoubt[] => {
        const weight = object.kind === 'not-detected' ? foundShare(object, image) : 0;
        if (weight < MOSTLY_FOUND) return [];
        const about = { labelled: object.label, detected: null, confidence: null };
        return [{ ...placeOf(image), reason: 'box-doubtful', ...about, box: boxOf(object), weight }];
      }),
    ])
    .sort((a, b) => b.weight - a.weight || byCodePoint(a.path, b.path));
}

/** How confident the right detections of a class are, and how many of its confident detections are right. */
interface ConfidentClass {
  readonly right: readonly number[];
  /** Confidence, 0 to 1, that half of the right detections have at least. */
  readonly confident: number;
  /** Share of right ones among the confident detections, 0 to 1. */
  readonly precision: number;
}

function doubtOfDetection(
  image: ReviewedImage,
  detection: JudgedDetection,
  classes: ReadonlyMap<string, ConfidentClass>,
): LabelDoubt[] {
  const { kind, label: detected, confidence } = detection;
  const own = classes.get(detected);
  if (!own || confidence < own.confident || own.precision < MOSTLY_RIGHT) return [];
  const weight = (own.precision * own.right.filter((one) => one <= confidence).length) / own.right.length;
  const about = { detected, confidence, weight };
  if (kind === 'on-nothing') {
    return [{ ...placeOf(image), reason: 'box-missing', labelled: null, box: boxOf(detection), ...about }];
  }
  const object = image.objects[detection.object ?? -1];
  // An object that its own class matches is labelled as the model sees it.
  if (kind !== 'wrong-class' || !object || object.kind === 'found') return [];
  const { label: labelled } = object;
  return [{ ...placeOf(image), reason: 'class-contradicted', labelled, box: boxOf(object), ...about }];
}

/** The classes with enough right detections to compare others with. */
function confidentClasses(images: readonly ReviewedImage[]): Map<string, ConfidentClass> {
  const byClass = groupBy(
    images.flatMap(({ detections }) => detections),
    ({ label }) => label,
  );
  return new Map(
    [...byClass].flatMap(([label, detections]) => {
      const isRight = ({ kind }: JudgedDetection) => kind === 'correct';
      const right = detections.filter(isRight).map(({ confidence }) => confidence);
      const confident = median(right);
      if (confident === undefined || right.length < MIN_RIGHT) return [];
      const sure = detections.filter(({ confidence }) => confidence >= confident);
      return [[label, { right, confident, precision: sure.filter(isRight).length / sure.length }] as const];
    }),
  );
}

/**
 * Returns the share of objects that are found, 0 to 1: the smallest of the shares in the class, the size and the position
 * of an object, so that one of a kind that is seldom found is not doubtful. 0 for classes with few objects.
 */
function foundShares(images: readonly ReviewedImage[]): (object: Box, image: Size) => number {
  const labels = new Set(images.flatMap(({ objects }) => objects.map(({ label }) => label)));
  const { classes } = summarizeErrors(images, [...labels]);
  const byClass = new Map(classes.map((one) => [one.label, one]));
  const sizes = groupBySize(images);
  const positions = groupByPosition(images);
  const shareOf = (group: { readonly objects: number; readonly found: number } | undefined) =>
    group && group.objects >= MIN_BOXES ? group.found / group.objects : 0;
  return (object, image) => {
    const position = positionOf(object, image);
    const bySize = sizes?.groups.find(({ name }) => name === sizeOf(object, image, sizes));
    return Math.min(
      shareOf(byClass.get(object.label)),
      shareOf(positions.find(({ name }) => name === position)),
      sizes ? shareOf(bySize) : 1,
    );
  };
}

const placeOf = ({ path, key, width, height }: ReviewedImage) => ({ path, key, width, height });

const boxOf = ({ left, top, width, height }: Rectangle): Rectangle => ({ left, top, width, height });
