import { byCodePoint } from '../../lib/order.js';
import { plural } from '../../lib/plural.js';
import { floorOfShare } from '../../lib/ratio.js';
import { DatasetError, MAX_REFUSAL_EXAMPLES } from './errors.js';
import { rejectedText } from './outcome-names.js';
import type { Rejected, RejectedRecord } from './types.js';

/** Maximum rejected images in a report. A longer list would not help a reader. */
const MAX_LISTED = 1_000;
/** The rejected images sorted by path; maximum 1,000. */
export function listRejected(rejected: readonly RejectedRecord[]): Rejected[] {
  return [...rejected]
    .sort((a, b) => byCodePoint(a.path, b.path) || byCodePoint(a.record, b.record))
    .slice(0, MAX_LISTED)
    .map(({ path, cocoFile, record, reason, message }) => ({ path, cocoFile, record, reason, message }));
}

/** One line with path, COCO file, record and reason. */
export function describeRejected({ path, cocoFile, record, message }: Rejected): string {
  return `${path} (${cocoFile}, ${record}): ${message}`;
}

/** @throws DatasetError TooManyRejectedImages if the share of unusable images among `found` is above `limit` */
export function refuseTooManyRejected(
  rejected: readonly RejectedRecord[],
  found: number,
  limit: number,
): void {
  if (rejected.length <= floorOfShare(found, limit)) return;
  throw rejection(
    'TooManyRejectedImages',
    `${rejected.length} of ${plural(found, 'image')} cannot be used (${rejectedText(rejected)}). MAX_REJECTED_RATIO=${limit} allows fewer.`,
    rejected,
  );
}

/** The refusal of a dataset without a usable image. */
export function allRejected(rejected: readonly RejectedRecord[]): DatasetError {
  return rejection(
    'NoUsableImages',
    `No image can be used. Fix or replace ${rejected.length === 1 ? 'the image' : `the ${rejected.length} images`}.`,
    rejected,
  );
}

function rejection(
  type: 'TooManyRejectedImages' | 'NoUsableImages',
  message: string,
  rejected: readonly RejectedRecord[],
): DatasetError {
  const listed = listRejected(rejected);
  const examples = listed.slice(0, MAX_REFUSAL_EXAMPLES).map(describeRejected);
  const details = { examples, count: rejected.length };
  return new DatasetError(type, `${message} First case: ${firstCase(listed)}`, details, listed);
}

/** Without COCO file and record, which the examples have: a message is short. */
const firstCase = ([first]: readonly Rejected[]) => (first ? `${first.path}: ${first.message}` : '');
