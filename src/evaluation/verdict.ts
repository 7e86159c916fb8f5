import type { Ends } from './bootstrap.js';

/** How far a model can be used, from its F1 on the test images. */
export type ModelVerdict = 'no-better-than-chance' | 'too-poor' | 'with-checking' | 'good' | 'too-few-boxes';

/** Below this F1 a model makes more than two errors for each object that it finds. */
const TOO_POOR = 0.5;
/** From this F1 on it makes at most one error for two objects that it finds. */
const GOOD = 0.8;
/** With fewer test objects a single one changes the recall by more than 0.1. */
export const MIN_BOXES = 10;

/**
 * Says how far a model can be used. F1 is `2c / (2c + e)` with `c` objects found and `e` errors (missed objects and false
 * alarms), so that an F1 of 0.5 means two errors for each object found, and 0.8 one error for two.
 * @param figures F1 0 to 1, its 95 % interval, the F1 of chance, and the labelled objects of the test images; null if unknown
 */
export function judgeModel(figures: {
  readonly f1: number;
  readonly interval: Ends | null;
  readonly chance: number | null;
  readonly testBoxes: number | null;
}): ModelVerdict {
  const { f1, interval, chance, testBoxes } = figures;
  if (testBoxes !== null && testBoxes < MIN_BOXES) return 'too-few-boxes';
  if (chance !== null && (interval?.low ?? f1) <= chance) return 'no-better-than-chance';
  if (f1 < TOO_POOR) return 'too-poor';
  return f1 < GOOD ? 'with-checking' : 'good';
}
