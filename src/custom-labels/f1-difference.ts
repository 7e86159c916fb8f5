import type { Evaluation } from '../contracts/results.js';

/** Differences up to this value come from rounding. */
const ROUNDING = 0.001;

/**
 * A sentence for a person if the F1 that the service reports is not the F1 of the predictions in its own evaluation
 * manifest; null if both agree, or if there are no predictions.
 */
export function f1Difference({ f1, recounted }: Pick<Evaluation, 'f1' | 'recounted'>): string | null {
  const { byFlags = null, byMatching = null } = recounted ?? {};
  const counted = byFlags ?? byMatching;
  if (counted === null || Math.abs(f1 - counted) <= ROUNDING) return null;
  const matched = byMatching === null ? '' : `${byMatching.toFixed(3)} by matching boxes at IoU 0.5`;
  const figures =
    byFlags === null
      ? matched
      : `${byFlags.toFixed(3)} by the service's is-true-positive flags${matched && `, ${matched}`}`;
  const basis = byFlags === null ? 'matched boxes' : 'flags';
  return `The reported F1 of ${f1.toFixed(3)} differs from the F1 of the predictions in the evaluation manifest (${figures}); the 95 % interval is computed from the ${basis}.`;
}
