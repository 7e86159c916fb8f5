import type { LabelledPicture } from '../evaluation/chance.js';
import type { LineResult } from './validate-line.js';

/** An image with boxes that a training of object detection uses, by its `s3://` URI. */
export interface ManifestImage extends LabelledPicture {
  readonly sourceRef: string;
}

/** The images that a training of object detection uses: those of valid lines with at least one valid box. */
export function manifestImages(lines: readonly LineResult[]): ManifestImage[] {
  return lines.flatMap(({ sourceRef, size, boxes }) =>
    sourceRef !== null && size && boxes.length > 0 ? [{ sourceRef, size, boxes }] : [],
  );
}
