import type { SamePicture } from '../copies/same-pictures.js';
import type { UnmovedBoxes } from '../copies/unmoved-boxes.js';
import type { DatasetFinding } from '../model/findings.js';
import type { DatasetSettings } from '../model/settings.js';
import type { ImageResult, LabelledImage, RejectedRecord } from '../model/types.js';

/** The input of `curate`: the images of an export and what reading it has counted. */
export interface CurateInput {
  readonly images: readonly { readonly image: LabelledImage; readonly result: ImageResult }[];
  /** Image records whose file is missing in the archive. */
  readonly missing: readonly RejectedRecord[];
  /** Number of annotations in all COCO files. */
  readonly annotationsFound: number;
  /** Annotations that reading dropped, by reason. */
  readonly droppedWhileReading: Readonly<Record<string, number>>;
  /** Findings about the COCO files; none if they are not known. */
  readonly foundWhileReading?: readonly DatasetFinding[];
  /** Group of copies of each path. */
  readonly groupOf: ReadonlyMap<string, string>;
  /** The image that shows the same picture, perhaps turned, by path of the copy. */
  readonly sameAs: ReadonlyMap<string, SamePicture>;
  /** Copies that were moved without their boxes; none that `sameAs` has. */
  readonly unmoved: readonly UnmovedBoxes[];
  /** Paths of the preprocessed images with low contrast. */
  readonly lowContrast: readonly string[];
  readonly settings: DatasetSettings;
}
