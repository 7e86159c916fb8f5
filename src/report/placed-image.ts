import type { Candidate } from '../dataset/model/candidates.js';
import type { Box } from '../dataset/model/types.js';

/** An image that could be read, with where it went. */
export interface PlacedImage extends Candidate {
  readonly split: 'train' | 'val' | null;
  /** The boxes that were used. */
  readonly kept: readonly Box[];
}
