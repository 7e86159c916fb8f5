import type { LinearHead } from './linear-head.js';
import type { Shape } from './windows.js';

/** What fitting comes to, and all that is saved. */
export interface FittedWindows {
  /** Sorted by code point. */
  readonly labels: readonly string[];
  /** Pixels of the longer side of the picture as it is looked at. */
  readonly side: number;
  readonly shapes: readonly Shape[];
  readonly head: LinearHead;
}
