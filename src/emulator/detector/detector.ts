import type { Detection } from '../../evaluation/metrics.js';
import type { FittedWindows } from './fitted-windows.js';
import type { Picture } from './picture.js';

/** Something fitted on the training manifest that looks at pictures. */
export interface Detector {
  readonly fitted: FittedWindows;
  /** Boxes in whole pixels of the picture, inside it, the surest first; confidence 0 to 1. */
  detect(picture: Picture): Detection[];
}
