import type { BoxedImages } from '../boxes/box-images.js';
import type { DatasetSettings } from '../model/settings.js';
import type { CuratedImage, RejectedRecord } from '../model/types.js';
import type { Leak } from '../splitting/exported-split.js';
import type { CurationFacts } from './curation.js';

/** What findings read of the tally. */
export interface TallyFacts {
  readonly settings: DatasetSettings;
  readonly rejected: readonly RejectedRecord[];
  /** The readable images with their boxes moved; empty lists if curating was refused before that. */
  readonly boxed: BoxedImages;
  /** Classes that only val would have, and the images there. */
  readonly untrainedClasses: CurationFacts['droppedClasses'];
  readonly droppedClasses: CurationFacts['droppedClasses'];
  /** Paths of images that lost some of their boxes with a class. */
  readonly partlyUnlabelled: readonly string[];
  /** Paths of images that lost boxes to MAX_BOX_PER_IMAGE. */
  readonly cutImages: readonly string[];
  /** Images that VAL_SPLIT asks for in val. */
  readonly valTarget: number;
  readonly tooLargeGroups: readonly { readonly path: string; readonly images: number }[];
  readonly leaks: readonly Leak[];
  readonly train: readonly CuratedImage[];
  readonly val: readonly CuratedImage[];
}
