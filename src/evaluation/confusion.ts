import type { JudgedDetection, JudgedImage, JudgedObject } from './error-kinds.js';
import type { TopicErrors } from './worst-images.js';

/**
 * What the model took for what. Each detection is in one cell, so that the numbers of a column, `noObject` included, are
 * the detections of the class. An object that several detections lie on is in several cells.
 */
export interface ConfusionMatrix {
  readonly labels: readonly string[];
  /** `cells[i][j]`: detections of `labels[j]` that lie on objects of `labels[i]`, at an IoU of at least 0.5. */
  readonly cells: readonly (readonly number[])[];
  /** Objects of each label on which no detection lies at an IoU of at least 0.5. */
  readonly noDetection: readonly number[];
  /** Detections of each label that lie on no object at an IoU of at least 0.5, or on one that is already matched. */
  readonly noObject: readonly number[];
}

/** Counts which classes are taken for which. */
export function confusionOf(images: readonly JudgedImage[], labels: readonly string[]): ConfusionMatrix {
  const index = new Map(labels.map((label, i) => [label, i]));
  const cells = labels.map(() => labels.map(() => 0));
  const noDetection = labels.map(() => 0);
  const noObject = labels.map(() => 0);
  const add = (row: number[] | undefined, label: string) => {
    const column = index.get(label);
    if (row && column !== undefined) row[column] = (row[column] ?? 0) + 1;
  };
  for (const image of images) {
    for (const detection of image.detections) {
      const object = objectOn(detection, image);
      const row = object ? cells[index.get(object.label) ?? -1] : noObject;
      add(row, detection.label);
    }
    for (const object of image.objects) {
      if (hasNoDetection(object)) add(noDetection, object.label);
    }
  }
  return { labels, cells, noDetection, noObject };
}

/** The object that a detection lies on at an IoU of at least 0.5; undefined if it lies on none or repeats another. */
function objectOn({ kind, object }: JudgedDetection, { objects }: JudgedImage): JudgedObject | undefined {
  return object !== null && (kind === 'correct' || kind === 'wrong-class') ? objects[object] : undefined;
}

/** A number of the matrix: a class or none in each direction. */
export interface ConfusionCell {
  /** Label of the objects; null for detections that lie on no object. */
  readonly truth: string | null;
  /** Label of the detections; null for objects without a detection. */
  readonly detected: string | null;
}

/** What a number of the matrix counts on one image. */
export function countedIn({ truth, detected }: ConfusionCell, image: JudgedImage): TopicErrors {
  if (detected === null) {
    return {
      objects: image.objects.filter((one) => one.label === truth && hasNoDetection(one)),
      detections: [],
    };
  }
  const detections = image.detections.filter(
    (one) => one.label === detected && (objectOn(one, image)?.label ?? null) === truth,
  );
  return { objects: [], detections };
}

/** Whether no detection lies on the object at an IoU of at least 0.5. */
function hasNoDetection({ kind }: JudgedObject): boolean {
  return kind !== 'found' && kind !== 'wrong-class';
}
