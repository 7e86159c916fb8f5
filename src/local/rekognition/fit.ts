import type { Size } from '../../dataset/types.js';
import { fitPriorDetector, type LabelledPicture } from '../../evaluation/chance.js';
import type { TestImage } from '../../evaluation/metrics.js';

/** An image of a manifest that a training uses. */
export interface ManifestPicture extends LabelledPicture {
  readonly sourceRef: string;
}

export interface Fitted {
  /** What was predicted on each testing image, in their order. */
  readonly images: readonly TestImage[];
  /** What `loadDetector` makes the same detector of. */
  readonly detector: Buffer;
}

/** Fits on the training images alone, then predicts on the testing ones. */
export async function fitAndTest(
  train: readonly ManifestPicture[],
  test: readonly ManifestPicture[],
): Promise<Fitted> {
  const detector = fitPriorDetector(train);
  return {
    images: test.map(({ size, boxes }) => ({ truth: boxes, detections: detector.detect(size) })),
    detector: Buffer.from(JSON.stringify(train.map(({ size, boxes }) => ({ size, boxes })))),
  };
}

/** The detector of a buffer that this emulator wrote. */
export function loadDetector(bytes: Buffer) {
  const detector = fitPriorDetector(JSON.parse(bytes.toString('utf8')) as LabelledPicture[]);
  return { detect: ({ width, height }: Size) => detector.detect({ width, height }) };
}
