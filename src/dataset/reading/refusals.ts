import { byCodePoint } from '../../lib/order.js';
import { DatasetError, MAX_REFUSAL_EXAMPLES } from '../model/errors.js';
import { describeRejected, listRejected } from '../model/rejected.js';
import type { ArchiveEntry, RejectedRecord } from '../model/types.js';
import { adviceFor } from './other-exports.js';
import { isImageFile } from './resolve.js';

/** Names of each side that a message shows. */
const SHOWN_NAMES = 5;

/** Refuses an archive none of whose image records has a file. */
export function noUsableImages(missing: readonly RejectedRecord[], paths: readonly string[]): DatasetError {
  const listed = listRejected(missing);
  const images = paths.filter(isImageFile).sort(byCodePoint);
  const named = listed.slice(0, SHOWN_NAMES).map(({ path }) => path);
  const there =
    images.length === 0
      ? 'The archive has no image files'
      : `The archive has ${images.slice(0, SHOWN_NAMES).join(', ')}`;
  return new DatasetError(
    'NoUsableImages',
    missing.length === 0
      ? 'The COCO files describe no image. Export the dataset with its images.'
      : `None of the ${missing.length} images that the COCO files name is in the archive. They name ${named.join(', ')}. ${there}. Export the images with the annotations.`,
    { count: missing.length, examples: listed.slice(0, MAX_REFUSAL_EXAMPLES).map(describeRejected) },
    listed,
  );
}

/** Refuses an archive without COCO annotations. */
export function cocoMissing(
  jsonFiles: readonly { readonly path: string; readonly bytes: Uint8Array }[],
  entries: readonly ArchiveEntry[],
): DatasetError {
  const json = jsonFiles.map(({ path }) => path).sort(byCodePoint);
  const found =
    json.length === 0
      ? 'it has no JSON file'
      : `none of its JSON files (${json.slice(0, 5).join(', ')}) has the lists images and annotations`;
  const paths = entries.map(({ path }) => path);
  return new DatasetError(
    'CocoMissing',
    `The archive has no COCO annotations: ${found}. ${adviceFor(paths, jsonFiles)}`,
    { examples: json.slice(0, MAX_REFUSAL_EXAMPLES), count: json.length },
  );
}
