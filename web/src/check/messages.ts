import type { CheckProgress, CheckResult } from '../../../src/check/examine.js';
import type { DatasetSettings } from '../../../src/dataset/model/settings.js';
import type { FindingCase } from '../../../src/report/facts.js';

/** Requests of the page to the worker: read and check an archive, or check it again with other settings. */
export type Request =
  | {
      readonly type: 'read';
      readonly file: File;
      readonly dataset: string;
      readonly settings: DatasetSettings;
    }
  | { readonly type: 'recheck'; readonly settings: DatasetSettings };

export type Answer =
  | { readonly type: 'progress'; readonly progress: CheckProgress }
  | { readonly type: 'result'; readonly shown: ShownCheck }
  /** Follows the result. */
  | { readonly type: 'samples'; readonly samples: readonly ClassSamples[] }
  /** Follows the result. */
  | { readonly type: 'cases'; readonly cases: CheckedCases }
  | { readonly type: 'failure'; readonly message: string };

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
  /** The file as it is in the archive. */
  readonly blob: Blob;
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly ShownBox[];
}

/** Objects of a class, cut out of their pictures. */
export interface ClassSamples {
  readonly label: string;
  readonly crops: readonly Blob[];
}

/** Cases of findings, and the files of the images that they name by path. Files that a browser cannot show are missing. */
export interface CheckedCases {
  readonly cases: readonly FindingCase[];
  readonly files: ReadonlyMap<string, Blob>;
}

export interface ShownRejection {
  readonly path: string;
  readonly reason: string;
  readonly message: string;
}

/** What the page shows of a dataset check. */
export interface ShownCheck {
  readonly result: CheckResult;
  readonly settings: DatasetSettings;
  readonly pictures: readonly ShownPicture[];
  /** The first rejected images; `result` has the number of all. */
  readonly rejected: readonly ShownRejection[];
  /** Number of TIFF images. Browsers cannot decode them: they count as readable, and copies among them are not found. */
  readonly unseen: number;
}
