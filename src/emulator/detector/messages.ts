import type { LabelledPicture } from '../../evaluation/chance.js';
import type { Detection } from '../../evaluation/metrics.js';
import type { FittedWindows } from './fitted-windows.js';
import type { Picture } from './picture.js';

/** A detector to fit. */
export interface FitJob {
  readonly pictures: readonly LabelledPicture[];
  readonly seed: number;
}

/** The input of the detector's thread: a detector to fit, or a fitted one. */
export type ThreadInput = { readonly fit: FitJob } | { readonly fitted: FittedWindows };

/** From the thread: the index of a training picture that it needs, the fitted detector, or the result of a detection. */
export type FromThread =
  | { readonly need: number }
  | { readonly fitted: FittedWindows }
  | { readonly detections: Detection[] };

/** To the thread: the requested training pictures, in the order of the requests, then the pictures to detect on. */
export type ToThread = Picture;
