import type { CuratedImage } from '../dataset/model/types.js';
import { byCodePoint } from '../lib/order.js';
import { s3Uri } from '../lib/s3-uri.js';
import { textOf } from '../lib/text-lines.js';

/** The values that all lines of a manifest share. */
export interface ManifestContext {
  readonly bucket: string;
  /** Name of the dataset, written as `job-name`. */
  readonly dataset: string;
  /** UTC time of the newest file in the archive, so that equal archives give equal manifests. */
  readonly creationDate: string;
}

/** Name of the label attribute. */
export const LABEL_ATTRIBUTE = 'bounding-box';

/**
 * The lines of a manifest, without line ends, in the format of SageMaker Ground Truth's object detection output, which
 * Rekognition Custom Labels reads (developer guide, "Object localization in manifest files"): one line per image, sorted
 * by source-ref. The id of a class is its index in `labels`.
 */
export function* manifestLines(
  images: readonly CuratedImage[],
  labels: readonly string[],
  context: ManifestContext,
): Generator<string> {
  const idOf = new Map(labels.map((label, id) => [label, id]));
  for (const image of [...images].sort((a, b) => byCodePoint(a.key, b.key))) {
    yield manifestLine(image, idOf, context);
  }
}

/** The text of a manifest, whose lines `manifestLines` returns. */
export function manifestText(...manifest: Parameters<typeof manifestLines>): string {
  return textOf(manifestLines(...manifest));
}

function manifestLine(
  image: CuratedImage,
  idOf: ReadonlyMap<string, number>,
  context: ManifestContext,
): string {
  const { width, height } = image.size;
  const used = [...new Set(image.boxes.map(({ label }) => label))].map(
    (label) => [idOf.get(label) ?? 0, label] as const,
  );
  return JSON.stringify({
    'source-ref': s3Uri({ bucket: context.bucket, key: image.key }),
    [LABEL_ATTRIBUTE]: {
      image_size: [{ width, height, depth: 3 }],
      annotations: image.boxes.map((box) => ({
        class_id: idOf.get(box.label),
        left: box.left,
        top: box.top,
        width: box.width,
        height: box.height,
      })),
    },
    [`${LABEL_ATTRIBUTE}-metadata`]: {
      objects: image.boxes.map(() => ({ confidence: 1 })),
      'class-map': Object.fromEntries(
        used.sort(([a], [b]) => a - b).map(([id, label]) => [String(id), label]),
      ),
      type: 'groundtruth/object-detection',
      'human-annotated': 'yes',
      'creation-date': context.creationDate,
      'job-name': context.dataset,
    },
  });
}
