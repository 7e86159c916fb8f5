import { cocoText } from './coco-text.js';
import type { MergedDataset } from './merge.js';

/** The merged annotations as one COCO document, in chunks; `file_name` is the path of the image in the archive. */
export function mergedCocoJson({
  images,
  labels,
}: Pick<MergedDataset, 'images' | 'labels'>): Generator<string> {
  return cocoText({
    info: {},
    labels,
    images: images.map(({ path, width, height, boxes }) => ({
      fileName: path,
      width,
      height,
      boxes: boxes.map((box) => ({ label: box.label, bbox: [box.x, box.y, box.width, box.height] })),
    })),
  });
}
