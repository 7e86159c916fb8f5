import { type ValidationOutcome, validateLines } from '../../src/custom-labels/validate-dataset.js';
import { linesOf } from '../../src/custom-labels/validate-manifest.js';
import type { ObjectStore } from '../../src/storage/object-store.js';
import { picture } from './archives.js';

export const SIDE = { width: 100, height: 100 };

/** A class name, then left, top, width and height in pixels. */
export type TestBox = readonly [label: string, left: number, top: number, width: number, height: number];

export interface TestLine {
  readonly image: string;
  readonly boxes: readonly TestBox[];
}

/** A manifest line in the form of the developer guide, for an image of size SIDE. */
export function manifestLine(bucket: string, { image, boxes }: TestLine): string {
  const labels = [...new Set(boxes.map(([label]) => label))];
  return JSON.stringify({
    'source-ref': `s3://${bucket}/${image}`,
    boxes: {
      image_size: [{ ...SIDE, depth: 3 }],
      annotations: boxes.map(([label, left, top, width, height]) => ({
        class_id: labels.indexOf(label),
        ...{ left, top, width, height },
      })),
    },
    'boxes-metadata': {
      objects: boxes.map(() => ({ confidence: 1 })),
      'class-map': Object.fromEntries(labels.map((label, id) => [String(id), label])),
      type: 'groundtruth/object-detection',
      'human-annotated': 'yes',
      'creation-date': '2025-09-14T08:30:12',
    },
  });
}

export function manifestOf(bucket: string, lines: readonly TestLine[]): string {
  return lines.map((line) => `${manifestLine(bucket, line)}\n`).join('');
}

/** Lines for the images `<prefix>0.jpg`, `<prefix>1.jpg` and so on, all with the same boxes. */
export function sameLines(prefix: string, count: number, boxes: readonly TestBox[]): TestLine[] {
  return Array.from({ length: count }, (_, n) => ({ image: `${prefix}${n}.jpg`, boxes }));
}

/** Stores a manifest and its images except those in `without`. */
export async function putManifest(
  store: ObjectStore,
  bucket: string,
  key: string,
  lines: readonly TestLine[],
  without: readonly string[] = [],
): Promise<void> {
  const bytes = await picture(1, SIDE.width, SIDE.height);
  for (const { image } of lines) {
    if (!without.includes(image)) await store.put(bucket, image, bytes);
  }
  await store.put(bucket, key, manifestOf(bucket, lines));
}

/** Applies the service's rules to the texts of a training and a validation manifest. */
export function validateManifests(trainText: string, valText: string): ValidationOutcome {
  return validateLines(linesOf(trainText), linesOf(valText));
}
