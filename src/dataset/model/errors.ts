import type { CuratingCounts } from './counts.js';

/**
 * Why a dataset can't be curated. A run that meets one of these ends as `refused`: the person has to change
 * the archive or a setting, and no retry helps.
 */
export const REFUSAL_TYPES = [
  'ArchiveUnreadable',
  'ArchiveUnsafe',
  'ArchiveEncrypted',
  'CocoMissing',
  'CocoInvalid',
  'ImageAmbiguous',
  'NoUsableImages',
  'TooManyRejectedImages',
  'NoClassLeft',
  'SplitImpossible',
  'DatasetInvalid',
] as const;

export type RefusalType = (typeof REFUSAL_TYPES)[number];

/** Maximum examples in the details of a refusal, which workflow histories keep. */
export const MAX_REFUSAL_EXAMPLES = 20;

/** Where in the archive the trouble is; every field that is known is given. */
export interface RefusalDetails {
  /** Path of the file inside the archive. */
  readonly file?: string;
  /** The record inside that file, such as `annotations[17]` or `image id 4`. */
  readonly record?: string;
  /** Further cases of the same kind, at most 20. */
  readonly examples?: readonly string[];
  /** How many cases there are in all. */
  readonly count?: number;
  /** Key of the validation report, where there is one. */
  readonly report?: string;
  /** What was counted until then, where curating refuses; at most 20 classes. */
  readonly counted?: CuratingCounts;
}

/** An image that can't be used, as the report lists it. */
interface UnusableRecord {
  readonly path: string;
  readonly cocoFile: string;
  readonly record: string;
  readonly reason: string;
  readonly message: string;
}

/** The message says what is wrong, where, and what to do; it is shown to people as it stands. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';

  constructor(
    readonly type: RefusalType,
    message: string,
    readonly details: RefusalDetails = {},
    /** Images that can't be used, for a report: at most 1,000, so not among the details, which histories keep. */
    readonly rejected: readonly UnusableRecord[] = [],
  ) {
    super(message);
  }
}
