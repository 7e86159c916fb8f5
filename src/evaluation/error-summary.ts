import type { DetectionKind, JudgedImage, ObjectKind } from './error-kinds.js';

/** What a model finds of one class and what it does not, at the threshold of the class. */
export interface ClassErrors {
  readonly label: string;
  readonly objects: number;
  /** Objects that a detection of their class matches. */
  readonly found: number;
  /** All other objects, those that are detected with another class or badly placed included. */
  readonly missed: number;
  /** Detections of the class that match no object of it. */
  readonly falseAlarms: number;
}

/** What a model gets right and wrong on its test images, over all classes. */
export type ErrorCounts = Pick<ClassErrors, 'found' | 'missed' | 'falseAlarms'>;

/** Counts of the errors of a model on its test images. */
export interface ErrorSummary {
  readonly classes: readonly ClassErrors[];
  readonly total: ErrorCounts;
  readonly detections: Readonly<Record<DetectionKind, number>>;
  readonly objects: Readonly<Record<ObjectKind, number>>;
}

/** Counts the errors of all judged images, for the given labels in their order. */
export function summarizeErrors(images: readonly JudgedImage[], labels: readonly string[]): ErrorSummary {
  const objects = images.flatMap((image) => image.objects);
  const detections = images.flatMap((image) => image.detections);
  const classes = labels.map((label): ClassErrors => {
    const own = objects.filter((object) => object.label === label);
    const found = own.filter(({ kind }) => kind === 'found').length;
    const falseAlarms = detections.filter((one) => one.label === label && one.kind !== 'correct').length;
    return { label, objects: own.length, found, missed: own.length - found, falseAlarms };
  });
  const sum = (of: (errors: ClassErrors) => number) =>
    classes.reduce((total, errors) => total + of(errors), 0);
  return {
    classes,
    total: {
      found: sum(({ found }) => found),
      missed: sum(({ missed }) => missed),
      falseAlarms: sum(({ falseAlarms }) => falseAlarms),
    },
    detections: {
      correct: countKind(detections, 'correct'),
      'wrong-class': countKind(detections, 'wrong-class'),
      'badly-placed': countKind(detections, 'badly-placed'),
      'wrong-class-and-place': countKind(detections, 'wrong-class-and-place'),
      duplicate: countKind(detections, 'duplicate'),
      'on-nothing': countKind(detections, 'on-nothing'),
    },
    objects: {
      found: countKind(objects, 'found'),
      'wrong-class': countKind(objects, 'wrong-class'),
      'badly-placed': countKind(objects, 'badly-placed'),
      'wrong-class-and-place': countKind(objects, 'wrong-class-and-place'),
      'not-detected': countKind(objects, 'not-detected'),
    },
  };
}

function countKind<K>(judged: readonly { readonly kind: K }[], kind: K): number {
  return judged.filter((one) => one.kind === kind).length;
}
