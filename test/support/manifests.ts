import type { ObjectStore } from '../../src/storage/object-store.js';
import { picture } from './archives.js';

export const SIDE = { width: 100, height: 100 };

/** A class and left, top, width, height in pixels. */
export type TestBox = readonly [label: string, left: number, top: number, width: number, height: number];

export interface TestLine {
  readonly image: string;
  readonly boxes: readonly TestBox[];
}

/** A line as the developer guide describes it, for an image of SIDE. */
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

/** Lines `<prefix>0.jpg` … with the same boxes on each. */
export function sameLines(prefix: string, count: number, boxes: readonly TestBox[]): TestLine[] {
  return Array.from({ length: count }, (_, n) => ({ image: `${prefix}${n}.jpg`, boxes }));
}

/** Stores a manifest and the images that it names, but for those in `without`. */
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
