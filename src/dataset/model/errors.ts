import type { CuratingCounts } from './counts.js';
import { asMessage } from './message-length.js';

/**
 * The reasons for which a dataset is refused. A run that meets one of them ends as `refused`: the archive or a setting
 * must be changed, and a retry does not help.
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

/** The file and record that caused a refusal, as far as they are known. */
export interface RefusalDetails {
  /** Path of the file inside the archive. */
  readonly file?: string;
  /** The record inside that file, such as `annotations[17]` or `image id 4`. */
  readonly record?: string;
  /** Cases of the same kind; maximum 20. */
  readonly examples?: readonly string[];
  /** Number of all cases. */
  readonly count?: number;
  /** S3 key of validation_report.json, if one was written. */
  readonly report?: string;
  /** The counts until the refusal, if curating refused the dataset; maximum 20 classes. */
  readonly counted?: CuratingCounts;
}

/** An image that cannot be used, as reports list it. */
interface UnusableRecord {
  readonly path: string;
  readonly cocoFile: string;
  readonly record: string;
  readonly reason: string;
  readonly message: string;
}

/**
 * A refused dataset. The message is shown to users: it says what is wrong, where, and what to do. A long one has its names
 * shortened, which `details` has in full.
 */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';

  constructor(
    readonly type: RefusalType,
    message: string,
    readonly details: RefusalDetails = {},
    /** Images that cannot be used; maximum 1,000. Not in `details`, because workflow histories keep those. */
    readonly rejected: readonly UnusableRecord[] = [],
  ) {
    super(asMessage(message, namesIn(details)));
  }
}

const namesIn = ({ file, record, examples = [] }: RefusalDetails): string[] =>
  [file, record, ...examples].filter((name) => name !== undefined);
