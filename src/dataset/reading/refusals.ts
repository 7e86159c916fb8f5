import { byCodePoint } from '../../lib/order.js';
import { DatasetError, MAX_REFUSAL_EXAMPLES } from '../model/errors.js';
import { describeRejected, listRejected } from '../model/rejected.js';
import type { ArchiveEntry, RejectedRecord } from '../model/types.js';

export function noUsableImages(missing: readonly RejectedRecord[]): DatasetError {
  const listed = listRejected(missing);
  return new DatasetError(
    'NoUsableImages',
    missing.length === 0
      ? 'The COCO files describe no image. Export the dataset with its images.'
      : `None of the ${missing.length} images that the COCO files name is in the archive, such as ${listed[0]?.path}. Export the images with the annotations.`,
    { count: missing.length, examples: listed.slice(0, MAX_REFUSAL_EXAMPLES).map(describeRejected) },
    listed,
  );
}

export function cocoMissing(
  jsonFiles: readonly { readonly path: string }[],
  entries: readonly ArchiveEntry[],
): DatasetError {
  const json = jsonFiles.map(({ path }) => path).sort(byCodePoint);
  const found =
    json.length === 0
      ? 'it holds no JSON file'
      : `of its JSON files (${json.slice(0, 5).join(', ')}) none has the lists images and annotations`;
  const inner = entries.map(({ path }) => path).find((path) => path.toLowerCase().endsWith('.zip'));
  const advice =
    inner === undefined
      ? 'Export in COCO format, such as train/_annotations.coco.json beside its images, or annotations/*.json with images/.'
      : `It holds another archive, ${inner}: if that is the export, take it instead.`;
  return new DatasetError('CocoMissing', `The archive has no COCO annotations: ${found}. ${advice}`, {
    examples: json.slice(0, MAX_REFUSAL_EXAMPLES),
    count: json.length,
  });
}
