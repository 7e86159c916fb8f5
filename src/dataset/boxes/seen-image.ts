import type { LabelledImage, PreprocessedImage } from '../model/types.js';

/** A readable image: its record in the COCO file and the result of preprocessing. */
export interface SeenImage {
  readonly image: LabelledImage;
  readonly result: PreprocessedImage;
}
