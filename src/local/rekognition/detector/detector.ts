import type { Detection } from '../../../evaluation/metrics.js';
import type { FittedWindows } from './sliding-windows.js';

/** A decoded picture: three bytes a pixel, row by row. */
export interface Picture {
  readonly rgb: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** Something fitted on the training manifest that looks at pictures. */
export interface Detector {
  readonly fitted: FittedWindows;
  /** Boxes in whole pixels of the picture, inside it, the surest first; confidence 0 to 1. */
  detect(picture: Picture): Detection[];
}
