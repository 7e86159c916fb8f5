import { byCodePoint } from '../../lib/order.js';
import { floorOfShare } from '../../lib/ratio.js';
import { DatasetError, MAX_REFUSAL_EXAMPLES } from './errors.js';
import type { Rejected, RejectedRecord } from './types.js';

/** Images that a report lists; more would be no reading for anyone. */
const MAX_LISTED = 1_000;
/** Sorted by path, at most 1,000. */
export function listRejected(rejected: readonly RejectedRecord[]): Rejected[] {
  return [...rejected]
    .sort((a, b) => byCodePoint(a.path, b.path) || byCodePoint(a.record, b.record))
    .slice(0, MAX_LISTED)
    .map(({ path, cocoFile, record, reason, message }) => ({ path, cocoFile, record, reason, message }));
}

/** One line with file, record and reason. */
export function describeRejected({ path, cocoFile, record, message }: Rejected): string {
  return `${path} (${cocoFile}, ${record}): ${message}`;
}

/** @throws DatasetError TooManyRejectedImages where more than the share `limit` of the `found` images is unusable */
export function refuseTooManyRejected(
  rejected: readonly RejectedRecord[],
  found: number,
  limit: number,
): void {
  if (rejected.length <= floorOfShare(found, limit)) return;
  const reasons = new Map<string, number>();
  for (const { reason } of rejected) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  const listed = [...reasons].sort(([a], [b]) => byCodePoint(a, b)).map(([reason, n]) => `${n} ${reason}`);
  throw rejection(
    'TooManyRejectedImages',
    `${rejected.length} of ${found} images can't be used (${listed.join(', ')}), more than MAX_REJECTED_RATIO=${limit} allows.`,
    rejected,
  );
}

export function allRejected(rejected: readonly RejectedRecord[]): DatasetError {
  return rejection('NoUsableImages', `None of the ${rejected.length} images can be used.`, rejected);
}

function rejection(
  type: 'TooManyRejectedImages' | 'NoUsableImages',
  message: string,
  rejected: readonly RejectedRecord[],
): DatasetError {
  const listed = listRejected(rejected);
  const examples = listed.slice(0, MAX_REFUSAL_EXAMPLES).map(describeRejected);
  const details = { examples, count: rejected.length };
  return new DatasetError(type, `${message} The first: ${examples[0]}`, details, listed);
}
