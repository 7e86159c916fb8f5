import { intersectionOverUnion } from '../dataset/model/rectangle.js';
import type { Box } from '../dataset/model/types.js';
import { type Detection, MATCH_IOU, matchImage, type TestImage } from './metrics.js';

/**
 * What a detection got right or wrong, after TIDE (Bolya et al. 2020, "TIDE: A General Toolbox for Identifying Object
 * Detection Errors"): by the object that it overlaps most, and by how much.
 */
export type DetectionKind =
  /** It matches an object of its class at an IoU of at least 0.5. */
  | 'correct'
  /** It lies on an object of another class, at an IoU of at least 0.5. */
  | 'wrong-class'
  /** The object that it overlaps most is of its class, at an IoU of 0.1 to 0.5. */
  | 'badly-placed'
  /** The object that it overlaps most is of another class, at an IoU of 0.1 to 0.5. */
  | 'wrong-class-and-place'
  /** It lies on an object of its class that a detection of higher confidence has matched. */
  | 'duplicate'
  /** It overlaps no object, or one at an IoU below 0.1. */
  | 'on-nothing';

/** What became of a labelled object. An object is `not-detected` if no detection overlaps it at an IoU of at least 0.1. */
export type ObjectKind = 'found' | 'wrong-class' | 'badly-placed' | 'wrong-class-and-place' | 'not-detected';

/** A detection with its kind and the object that explains the kind, as an index into the objects of the image. */
export interface JudgedDetection extends Detection {
  readonly kind: DetectionKind;
  /** Null if the kind is `on-nothing`. */
  readonly object: number | null;
}

export interface JudgedObject extends Box {
  readonly kind: ObjectKind;
}

/** A test image with the outcome of each object and of each detection at or above its threshold. */
export interface JudgedImage {
  readonly objects: readonly JudgedObject[];
  /** In order of falling confidence. */
  readonly detections: readonly JudgedDetection[];
}

/** Minimum IoU for a detection to refer to an object at all (TIDE's background threshold). */
const OVERLAP_IOU = 0.1;

/**
 * Judges the detections and the objects of a test image.
 * @param thresholds confidence, 0 to 1, from which the detections of a label count; those of other labels do not
 */
export function judgeImage(
  { truth, detections }: TestImage,
  thresholds: ReadonlyMap<string, number>,
): JudgedImage {
  const counted = detections
    .filter(({ label, confidence }) => confidence >= (thresholds.get(label) ?? Number.POSITIVE_INFINITY))
    .sort((a, b) => b.confidence - a.confidence);
  const matched = matchesOf(truth, counted);
  const found = new Set(matched.values());
  const judged = counted.map((detection) => judge(detection, matched.get(detection), truth));
  return {
    detections: judged,
    // Objects of an evaluation manifest have a confidence too, which is always 1.
    objects: truth.map(({ label, left, top, width, height }, index) => ({
      ...{ label, left, top, width, height },
      kind: kindOfObject(index, found, judged),
    })),
  };
}

/** The object of each correct detection, as an index into `truth`. Matching is per label, as in the metrics. */
function matchesOf(truth: readonly Box[], detections: readonly Detection[]): Map<Detection, number> {
  const labels = new Set(detections.map(({ label }) => label));
  const matches = [...labels].flatMap((label) =>
    matchImage(
      truth.filter((box) => box.label === label),
      detections.filter((one) => one.label === label),
    ),
  );
  return new Map(
    matches.flatMap(({ detection, object }) => (object ? [[detection, truth.indexOf(object)] as const] : [])),
  );
}

function judge(detection: Detection, match: number | undefined, truth: readonly Box[]): JudgedDetection {
  if (match !== undefined) return { ...detection, kind: 'correct', object: match };
  const own = closest(detection, truth, (label) => label === detection.label);
  const other = closest(detection, truth, (label) => label !== detection.label);
  if (other.iou >= MATCH_IOU) return { ...detection, kind: 'wrong-class', object: other.index };
  // An object that it overlaps so well is matched already, or else it would be matched with this detection.
  if (own.iou >= MATCH_IOU) return { ...detection, kind: 'duplicate', object: own.index };
  if (Math.max(own.iou, other.iou) < OVERLAP_IOU) return { ...detection, kind: 'on-nothing', object: null };
  return own.iou >= other.iou
    ? { ...detection, kind: 'badly-placed', object: own.index }
    : { ...detection, kind: 'wrong-class-and-place', object: other.index };
}

/** The object with the highest IoU among those whose label is chosen; the first of several equal ones. */
function closest(
  detection: Detection,
  truth: readonly Box[],
  isChosen: (label: string) => boolean,
): { index: number; iou: number } {
  let [best, overlap] = [-1, 0];
  truth.forEach((object, index) => {
    if (!isChosen(object.label)) return;
    const iou = intersectionOverUnion(object, detection);
    if (iou > overlap) [best, overlap] = [index, iou];
  });
  return { index: best, iou: overlap };
}

/** Best first: an object has the best outcome that a detection explains. */
const OUTCOMES = ['wrong-class', 'badly-placed', 'wrong-class-and-place'] as const;

function kindOfObject(
  index: number,
  found: ReadonlySet<number>,
  detections: readonly JudgedDetection[],
): ObjectKind {
  if (found.has(index)) return 'found';
  const kinds = new Set(detections.filter(({ object }) => object === index).map(({ kind }) => kind));
  return OUTCOMES.find((kind) => kinds.has(kind)) ?? 'not-detected';
}
