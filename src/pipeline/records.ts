import { THUMBNAIL_BYTES } from '../dataset/model/thumbnail.js';
import type { ImageResult, LabelledImage, PlanBatch, Size } from '../dataset/model/types.js';
import { packedImages } from './packed-images.js';
import type { ProcessedBatch } from './process-batch.js';
import type { Thumbnails } from './thumbnails.js';

/** An image record and the result of preprocessing its file. */
export interface ProcessedRecord {
  readonly image: LabelledImage;
  readonly result: ImageResult;
  /** The number of its thumbnail in `Thumbnails`: 64x64 luma means, zeros if the image was rejected. */
  readonly thumbnail: number;
}

/**
 * Joins the images of a batch with their results by path, since an external preprocessor may reorder them, and adds their
 * thumbnails to `store`. The records are copies that take less memory than the parsed documents.
 * @throws Error if an image has no result, or if the batch has not one thumbnail per result
 */
export function joinBatch(
  batch: PlanBatch,
  { result, thumbnails }: ProcessedBatch,
  store: Thumbnails,
): ProcessedRecord[] {
  if (thumbnails.length !== result.images.length * THUMBNAIL_BYTES) {
    throw new Error(
      `Batch ${batch.index} has ${thumbnails.length} bytes of thumbnails for ${result.images.length} images. Each image needs ${THUMBNAIL_BYTES}.`,
    );
  }
  const first = store.add(thumbnails);
  const byPath = new Map(result.images.map((image, index) => [image.path, { image, index }]));
  return packedImages(batch.images.map(({ image }) => image)).map((image) => {
    const found = byPath.get(image.path);
    if (!found) throw new Error(`Batch ${batch.index} has no result for ${image.path}.`);
    return {
      image,
      result: compactResult(found.image, image.path),
      thumbnail: first + found.index,
    };
  });
}

/** A copy as an object literal, which has no room for further fields, unlike an object whose fields a parser adds one by one. */
function compactResult(result: ImageResult, path: string): ImageResult {
  if (result.status === 'rejected') return result;
  const { status, key, sourceSha256, bytes, orientation, untouched } = result;
  const stored = compactSize(result.stored);
  const isSame = stored.width === result.output.width && stored.height === result.output.height;
  const output = isSame ? stored : compactSize(result.output);
  return { status, path, key, sourceSha256, bytes, stored, orientation, output, untouched };
}

const compactSize = ({ width, height }: Size): Size => ({ width, height });
