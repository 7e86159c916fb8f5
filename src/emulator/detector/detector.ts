import type { Detection } from '../../evaluation/metrics.js';
import type { FittedWindows } from './fitted-windows.js';
import type { Picture } from './picture.js';

/** A detector that was fitted on a training manifest. */
export interface Detector {
  readonly fitted: FittedWindows;
  /** Returns boxes in whole pixels inside the picture, in descending confidence (0 to 1). */
  detect(picture: Picture): Detection[];
}
