import type { CheckProgress, CheckResult } from '../../../src/check/examine.js';
import type { DatasetSettings } from '../../../src/dataset/model/settings.js';

/** What the page asks of the worker: to read an archive, then to judge it, also again by other settings. */
export type Request =
  | {
      readonly ask: 'read';
      readonly file: File;
      readonly dataset: string;
      readonly settings: DatasetSettings;
    }
  | { readonly ask: 'judge'; readonly settings: DatasetSettings };

export type Answer =
  | { readonly tell: 'progress'; readonly progress: CheckProgress }
  | { readonly tell: 'verdict'; readonly verdict: ShownVerdict }
  | { readonly tell: 'failure'; readonly message: string };

/** A box in pixels of the picture's own `width` and `height`. */
export interface ShownBox {
  readonly label: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface ShownPicture {
  readonly path: string;
  /** The file as it lies in the archive. */
  readonly blob: Blob;
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly ShownBox[];
}

export interface ShownRejection {
  readonly path: string;
  readonly reason: string;
  readonly message: string;
}

export interface ShownVerdict {
  readonly result: CheckResult;
  readonly settings: DatasetSettings;
  readonly pictures: readonly ShownPicture[];
  /** The first of them; `result` has the count. */
  readonly rejected: readonly ShownRejection[];
  /** TIFF images, which no browser decodes: they count as readable, and copies among them aren't seen. */
  readonly unseen: number;
}
