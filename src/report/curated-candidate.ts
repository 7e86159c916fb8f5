import type { Candidate } from '../dataset/model/candidates.js';
import type { Box } from '../dataset/model/types.js';

/** A readable image with what curating made of it. */
export interface CuratedCandidate extends Candidate {
  /** The split that it is used in; null if it is not used. */
  readonly split: 'train' | 'val' | null;
  /** The boxes that are used; empty if the image is not used. */
  readonly kept: readonly Box[];
}
