/** The smallest and the largest accepted number, and the step between numbers: 1 for whole numbers. */
export interface NumberLimits {
  readonly min: number;
  readonly max?: number;
  readonly step: number;
}

/** Which numbers an input accepts, if it has another one or none that it requires; else empty. */
export function numberProblem({ validity }: HTMLInputElement, { min, max, step }: NumberLimits): string {
  const { valueMissing, badInput, rangeUnderflow, rangeOverflow, stepMismatch } = validity;
  if (!(valueMissing || badInput || rangeUnderflow || rangeOverflow || stepMismatch)) return '';
  const kind = step === 1 ? 'a whole number' : 'a number';
  const decimals = step < 1 && stepMismatch ? `, in steps of ${step}` : '';
  return max === undefined
    ? `Enter ${kind}, ${min} or more.`
    : `Enter ${kind} from ${min} to ${max}${decimals}.`;
}
