import type { LabelledPicture } from '../../evaluation/chance.js';
import type { FittedWindows } from './fitted-windows.js';
import type { Picture } from './picture.js';

/** The input of the fitting thread. */
export interface FitJob {
  readonly pictures: readonly LabelledPicture[];
  readonly seed: number;
}

/** From the thread: the index of a picture that it needs, or the result. */
export type FromThread = { readonly need: number } | { readonly fitted: FittedWindows };

/** To the thread: a requested picture, in the order of the requests. */
export type ToThread = Picture;
