import type { LinearHead } from './linear-head.js';
import type { Shape } from './windows.js';

/** The result of fitting, which is all that a saved detector contains. */
export interface FittedWindows {
  /** Class names, sorted by code point. */
  readonly labels: readonly string[];
  /** Maximum longer side of the scaled picture in pixels. */
  readonly side: number;
  readonly shapes: readonly Shape[];
  readonly head: LinearHead;
}
