import type { LabelDoubt } from '../contracts/label-doubts.js';
import type { Rectangle } from '../dataset/model/rectangle.js';
import type { Box, Size } from '../dataset/model/types.js';
import { groupByPosition, groupBySize, positionOf, sizeOf } from '../evaluation/box-groups.js';
import type { JudgedDetection, JudgedImage } from '../evaluation/error-kinds.js';
import { summarizeErrors } from '../evaluation/error-summary.js';
import { MIN_BOXES } from '../evaluation/verdict.js';
import { groupBy } from '../lib/group-by.js';
import { median } from '../lib/median.js';
import { byCodePoint } from '../lib/order.js';

/** A tested image with its place in the archive. Boxes are in the pixels of the preprocessed image. */
export interface ReviewedImage extends JudgedImage {
  /** Path in the archive. */
  readonly path: string;
  /** S3 key of the preprocessed image. */
  readonly key: string;
  readonly width: number;
  readonly height: number;
}

/** The images whose labels were examined: all by detectors of a cross-validation, or the test images by the model. */
export type Examined = 'all-images' | 'test-images';

/** The labels of a dataset version that a person should look at. */
export interface LabelReview {
  readonly examined: Examined;
  /** Number of images that were examined. */
  readonly images: number;
  /** Number of doubtful labels; `doubts` may have fewer. */
  readonly total: number;
  /** The most doubtful first. */
  readonly doubts: readonly LabelDoubt[];
}

/** A doubtful label, and how doubtful it is. */
interface WeighedDoubt {
  readonly doubt: LabelDoubt;
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
 * Ranks the labels of tested images by how clearly the model contradicts them, the most doubtful first. A detection is
 * confident if it is as confident as half of the right ones of its class, because models differ in how confident they
 * are. It says something only if such detections are mostly right.
 */
export function reviewLabels(images: readonly ReviewedImage[]): LabelDoubt[] {
  const classes = confidentClasses(images);
  const foundShare = foundShares(images);
  return images
    .flatMap((image) => [
      ...image.detections.flatMap((detection) => doubtOfDetection(image, detection, classes)),
      ...image.objects.flatMap((object): WeighedDoubt[] => {
        const weight = object.kind === 'not-detected' ? foundShare(object, image) : 0;
        if (weight < MOSTLY_FOUND) return [];
        const about = { labelled: object.label, detected: null, confidence: null };
        return [
          { doubt: { ...placeOf(image), reason: 'box-doubtful', ...about, box: boxOf(object) }, weight },
        ];
      }),
    ])
    .sort((a, b) => b.weight - a.weight || byCodePoint(a.doubt.path, b.doubt.path))
    .map(({ doubt }) => doubt);
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
): WeighedDoubt[] {
  const { kind, label: detected, confidence } = detection;
  const own = classes.get(detected);
  if (!own || confidence < own.confident || own.precision < MOSTLY_RIGHT) return [];
  const weight = (own.precision * own.right.filter((one) => one <= confidence).length) / own.right.length;
  const about = { detected, confidence };
  if (kind === 'on-nothing') {
    const box = boxOf(detection);
    return [{ doubt: { ...placeOf(image), reason: 'box-missing', labelled: null, box, ...about }, weight }];
  }
  const object = image.objects[detection.object ?? -1];
  // An object that its own class matches is labelled as the model sees it.
  if (kind !== 'wrong-class' || !object || object.kind === 'found') return [];
  const { label: labelled } = object;
  const box = boxOf(object);
  return [{ doubt: { ...placeOf(image), reason: 'class-contradicted', labelled, box, ...about }, weight }];
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
