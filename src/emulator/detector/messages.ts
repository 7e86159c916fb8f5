import type { LabelledPicture } from '../../evaluation/chance.js';
import type { FittedWindows } from './fitted-windows.js';
import type { Picture } from './picture.js';

/** What the fitting thread is started with. */
export interface FitJob {
  readonly pictures: readonly LabelledPicture[];
  readonly seed: number;
}

/** From the thread: the place of a picture that it needs, or what it came to. */
export type FromThread = { readonly need: number } | { readonly fitted: FittedWindows };

/** To the thread: the picture that it asked for; answers come in the order of the questions. */
export type ToThread = Picture;
