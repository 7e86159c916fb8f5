import type { BoxedImages } from '../boxes/box-images.js';
import type { DatasetSettings } from '../model/settings.js';
import type { CuratedImage, RejectedRecord } from '../model/types.js';
import type { Leak } from '../splitting/exported-split.js';
import type { Adviser } from './advice.js';
import type { CurationFacts } from './curation.js';

/** The facts from which findings are made. */
export interface TallyFacts {
  readonly adviser: Adviser;
  readonly settings: DatasetSettings;
  readonly rejected: readonly RejectedRecord[];
  /** The readable images with their boxes moved; empty lists if curating was refused before that. */
  readonly boxed: BoxedImages;
  /** Classes of val that are missing in train, with the number of their images in val. */
  readonly untrainedClasses: CurationFacts['droppedClasses'];
  readonly droppedClasses: CurationFacts['droppedClasses'];
  /** Paths of images that lost some of their boxes because a class was dropped. */
  readonly partlyUnlabelled: readonly string[];
  /** Paths of images that lost boxes to MAX_BOX_PER_IMAGE. */
  readonly cutImages: readonly string[];
  /** Number of images that VAL_SPLIT asks for in val. */
  readonly valTarget: number;
  readonly tooLargeGroups: readonly { readonly path: string; readonly images: number }[];
  readonly leaks: readonly Leak[];
  readonly train: readonly CuratedImage[];
  readonly val: readonly CuratedImage[];
}
