import { byCodePoint } from '../../lib/order.js';

export interface DatasetFinding {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly count: number;
  readonly examples: readonly string[];
}

/** Maximum examples per finding. `count` is the number of all cases. */
export const MAX_EXAMPLES = 10;

/** A warning with its first ten cases, sorted; none where there is no case. */
export function warning(
  code: string,
  count: number,
  message: string,
  examples: readonly string[] = [],
): DatasetFinding | undefined {
  if (count === 0) return undefined;
  const sorted = [...examples].sort(byCodePoint).slice(0, MAX_EXAMPLES);
  return { code, severity: 'warning', message, count, examples: sorted };
}
