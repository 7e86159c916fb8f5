import type { LabelDoubt } from '../contracts/label-doubts.js';
import type { Rectangle } from '../dataset/model/rectangle.js';
import type { Box, Size } from '../dataset/model/types.js';
import { groupByPosition, groupBySize, positionOf, sizeOf } from '../evaluation/box-groups.js';
import type { JudgedDetection, JudgedImage } from '../evaluation/error-kinds.js';
import { summarizeErrors } from '../evaluation/error-summary.js';
import { MIN_BOXES } from '../evaluation/verdict.js';
import { groupBy } from '../lib/group-by.js';
import { byCodePoint } from '../lib/order.js';

/** A tested image with its place in the archive. Boxes are in the pixels of the preprocessed image. */
export interface ReviewedImage extends JudgedImage {
  /** Path in the archive. */
  readonly path: string;
  /** S3 key of the preprocessed image. */
  readonly key: string;
  readonly width: number;
  readonly height: number;
  /** The area of a tile in its photo; absent if the image is a whole photo. */
  readonly tile?: Rectangle | undefined;
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
  /** How often labels agree with the model in such a case, 0 to 1. The higher, the more doubtful is the label. */
  readonly weight: number;
}

/** Minimum right detections of a class, with which the confidence of others is compared. */
const MIN_RIGHT = 3;
/** Minimum share of right ones among detections that are at least as confident. Wrong labels lower it too. */
const MOSTLY_RIGHT = 0.6;
/** Minimum share of the objects of a class that are found, from which one that is not detected is doubtful. */
const MOSTLY_FOUND = 0.7;

/**
 * Ranks the labels of tested images by how clearly the model contradicts them, the most doubtful first. A detection
 * counts if it is at least as confident as the lowest confidence of its class from which detections are mostly right,
 * because models differ in how confident they are.
 */
export function reviewLabels(images: readonly ReviewedImage[]): LabelDoubt[] {
  const classes = detectedClasses(images);
  const foundShare = foundShares(images);
  return images
    .flatMap((image) => [
      ...image.detections.flatMap((detection) => doubtOfDetection(image, detection, classes)),
      ...image.objects.flatMap((object) => {
        const found = object.kind === 'not-detected' ? foundShare(object, image) : 0;
        if (found < MOSTLY_FOUND) return [];
        const about = { labelled: object.label, detected: null, confidence: null };
        const others = othersOf(image, object);
        const doubt = {
          ...{ ...placeOf(image), reason: 'box-doubtful' as const, ...about, box: boxOf(object), others },
        };
        // A model that often detects what is not there is no proof of what is there.
        return [{ doubt, weight: found * (classes.get(object.label)?.precision ?? 0) }];
      }),
    ])
    .sort(byDoubt)
    .map(({ doubt }) => doubt);
}

function byDoubt(a: WeighedDoubt, b: WeighedDoubt): number {
  const byConfidence = (b.doubt.confidence ?? 0) - (a.doubt.confidence ?? 0);
  return b.weight - a.weight || byConfidence || byCodePoint(a.doubt.path, b.doubt.path);
}

function doubtOfDetection(
  image: ReviewedImage,
  detection: JudgedDetection,
  classes: ReadonlyMap<string, DetectedClass>,
): WeighedDoubt[] {
  const { kind, label: detected, confidence } = detection;
  const weight = classes.get(detected)?.rightFrom.get(confidence) ?? 0;
  if (weight < MOSTLY_RIGHT) return [];
  const about = { detected, confidence };
  if (kind === 'on-nothing') {
    const box = boxOf(detection);
    const others = othersOf(image);
    return [
      { doubt: { ...placeOf(image), reason: 'box-missing', labelled: null, box, ...about, others }, weight },
    ];
  }
  const object = image.objects[detection.object ?? -1];
  // An object that its own class matches is labelled as the model sees it.
  if (kind !== 'wrong-class' || !object || object.kind === 'found') return [];
  const { label: labelled } = object;
  const box = boxOf(object);
  const others = othersOf(image, object);
  return [
    { doubt: { ...placeOf(image), reason: 'class-contradicted', labelled, box, ...about, others }, weight },
  ];
}

/** The precision of the detections of a class. */
interface DetectedClass {
  /** Share of right ones among all detections, 0 to 1. */
  readonly precision: number;
  /**
   * By the confidence of each detection: the share of right ones among those that are at least as confident, or that
   * from a lower confidence if it is higher. It therefore never falls with the confidence, though the most confident
   * detections are few and may lie on wrong labels. 0 if there are too few right ones to say.
   */
  readonly rightFrom: ReadonlyMap<number, number>;
}

function detectedClasses(images: readonly ReviewedImage[]): Map<string, DetectedClass> {
  const byClass = groupBy(
    images.flatMap(({ detections }) => detections),
    ({ label }) => label,
  );
  return new Map([...byClass].map(([label, detections]) => [label, detectedClass(detections)]));
}

function detectedClass(detections: readonly JudgedDetection[]): DetectedClass {
  let right = 0;
  // Of detections that are equally confident, the last one replaces the others.
  const shares = new Map<number, number>();
  for (const [index, one] of [...detections].sort((a, b) => b.confidence - a.confidence).entries()) {
    if (one.kind === 'correct') right++;
    shares.set(one.confidence, right < MIN_RIGHT ? 0 : right / (index + 1));
  }
  let best = 0;
  const rightFrom = new Map<number, number>();
  for (const [confidence, share] of [...shares].reverse()) {
    best = Math.max(best, share);
    rightFrom.set(confidence, best);
  }
  return { precision: right / detections.length, rightFrom };
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

/** The labelled boxes of an image but one. */
const othersOf = ({ objects }: ReviewedImage, doubtful?: Box): Box[] =>
  objects
    .filter((object) => object !== doubtful)
    .map((object) => ({ label: object.label, ...boxOf(object) }));

const boxOf = ({ left, top, width, height }: Rectangle): Rectangle => ({ left, top, width, height });
