import type { Evaluation, TrainResult } from '../contracts/workflow-io.js';

/** The part of a training's result that the gate reads. Results of earlier versions have no interval and no problem. */
interface Trained {
  readonly evaluation: (Pick<Evaluation, 'f1'> & Partial<Pick<Evaluation, 'interval'>>) | null;
  readonly evaluationProblem?: TrainResult['evaluationProblem'];
}

export interface GateResult {
  readonly passed: boolean;
  /** The rest of a sentence that begins with the dataset's name. */
  readonly message: string;
}

/** Compares a model's F1 with MIN_F1, and says whether that is certain. A model without an evaluation fails the gate. */
export function applyGate(
  minF1: number | null | undefined,
  { evaluation, evaluationProblem }: Trained,
): GateResult {
  const isGated = minF1 !== null && minF1 !== undefined;
  if (!evaluation) {
    const gate = isGated ? ` MIN_F1=${minF1} could not be checked.` : '';
    return {
      passed: !isGated,
      message: `is trained, but its evaluation could not be read: ${evaluationProblem}${gate}`,
    };
  }
  const message = 'is trained and evaluated.';
  if (!isGated) return { passed: true, message };
  const { f1, interval } = evaluation;
  const passed = f1 >= minF1;
  const range = interval ? ` (95 % interval ${interval.low.toFixed(3)} to ${interval.high.toFixed(3)})` : '';
  const uncertain = interval && interval.low < minF1 && minF1 <= interval.high;
  return {
    passed,
    message:
      `${message} Its F1 of ${f1.toFixed(3)}${range} ${passed ? 'reaches' : 'is below'} MIN_F1=${minF1}.` +
      (uncertain
        ? ' The threshold lies inside the 95 % interval, so other test images could change the outcome. More validation images narrow the interval.'
        : ''),
  };
}
