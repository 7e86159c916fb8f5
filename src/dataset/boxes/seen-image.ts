import type { LabelledImage, PreprocessedImage } from '../model/types.js';

/** A readable image: its record in the COCO file and the result of preprocessing. */
export interface SeenImage {
  readonly image: LabelledImage;
  readonly result: PreprocessedImage;
}

/** The image that boxes refer to: the rotated one, which viewers show, or the one as stored in the file. */
export type BoxReading = 'turned' | 'stored';
