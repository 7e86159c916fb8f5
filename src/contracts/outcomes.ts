/** How a run ends. Exit code 0 only for `done`. */
export const OUTCOMES = [
  'done',
  'refused',
  'rejected',
  'rejected-by-quality',
  'failed',
  'cancelled',
] as const;
export type Outcome = (typeof OUTCOMES)[number];
