/**
 * How a run ends. `refused`: the dataset is not fit for training. `rejected`: a person rejected the training.
 * `rejected-by-quality`: the model is below MIN_F1. The command's exit code is 0 only for `done`.
 */
export const OUTCOMES = [
  'done',
  'refused',
  'rejected',
  'rejected-by-quality',
  'failed',
  'cancelled',
] as const;
export type Outcome = (typeof OUTCOMES)[number];
