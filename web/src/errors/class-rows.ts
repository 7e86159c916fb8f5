import type { LabelEvaluation } from '../../../src/contracts/workflow-io.js';
import type { Ends } from '../../../src/evaluation/bootstrap.js';
import type { ClassErrors } from '../../../src/evaluation/error-summary.js';
import { MIN_BOXES } from '../../../src/evaluation/verdict.js';
import { f1FromErrors, type Judged } from './judge.js';

/** A class as the table shows it. */
export interface ClassRow {
  readonly label: string;
  /** 0 to 1; null if the class has no objects in the test images. */
  readonly f1: number | null;
  readonly interval: Ends | null;
  /** Labelled boxes in the test images; null if unknown. */
  readonly boxes: number | null;
  readonly threshold: number;
  readonly hasFewBoxes: boolean;
  /** Undefined without predictions. */
  readonly errors: ClassErrors | undefined;
  readonly reported: LabelEvaluation;
}

/**
 * The classes, worst first.
 * @param threshold confidence of all classes; null for each class's own. The reported F1 and interval hold only for those.
 */
export function classRows(
  classes: readonly LabelEvaluation[],
  judged: Judged | null,
  threshold: number | null,
): ClassRow[] {
  const rows = classes.map((reported): ClassRow => {
    const { label } = reported;
    const errors = judged?.summary.classes.find((one) => one.label === label);
    const boxes = errors?.objects ?? reported.testBoxes ?? null;
    const isOwn = threshold === null || !errors;
    return {
      label,
      f1: isOwn ? reported.f1 : f1FromErrors(errors),
      interval: isOwn ? (reported.interval ?? null) : null,
      boxes,
      threshold: threshold ?? reported.threshold,
      hasFewBoxes: boxes !== null && boxes < MIN_BOXES,
      errors,
      reported,
    };
  });
  return rows.sort((a, b) => (a.f1 ?? 1) - (b.f1 ?? 1));
}
