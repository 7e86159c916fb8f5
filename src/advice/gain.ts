import type { ClassCurve } from '../contracts/cross-validation.js';

/** Whether F1 of a class rose beyond chance with the last photos. */
export const isGaining = ({ gain }: Pick<ClassCurve, 'gain'>): boolean => gain !== null && gain.low > 0;

/** Sorts classes by how much more photos help: the highest lower end of the gain first, unknown gains last. */
export const byGain = (a: Pick<ClassCurve, 'gain'>, b: Pick<ClassCurve, 'gain'>): number =>
  (b.gain?.low ?? -1) - (a.gain?.low ?? -1);

/** A difference of scores with its sign, such as `+0.03`. One that rounds to zero has none. */
export function signed(value: number): string {
  const text = value.toFixed(2);
  if (Number(text) === 0) return '0.00';
  return value < 0 ? text : `+${text}`;
}
