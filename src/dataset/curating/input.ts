import type { DatasetSettings } from '../model/settings.js';
import type { ImageResult, LabelledImage, RejectedRecord } from '../model/types.js';

export interface CurateInput {
  readonly images: readonly { readonly image: LabelledImage; readonly result: ImageResult }[];
  /** Image records without a file. */
  readonly missing: readonly RejectedRecord[];
  readonly annotationsFound: number;
  readonly droppedWhileReading: Readonly<Record<string, number>>;
  /** Group of copies of each path. */
  readonly groupOf: ReadonlyMap<string, string>;
  readonly settings: DatasetSettings;
}
