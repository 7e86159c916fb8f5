import { THUMBNAIL_BYTES } from '../dataset/model/thumbnail.js';
import type { ImageResult, LabelledImage, PlanBatch, Size } from '../dataset/model/types.js';
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
  const shared = sharedTexts();
  return batch.images.map(({ image }) => {
    const found = byPath.get(image.path);
    if (!found) throw new Error(`Batch ${batch.index} has no result for ${image.path}.`);
    return {
      image: compactImage(image, shared),
      result: compactResult(found.image, image.path),
      thumbnail: first + found.index,
    };
  });
}

/** Returns one string for all equal ones. A parser makes a new one for each value. */
function sharedTexts(): (text: string) => string {
  const texts = new Map<string, string>();
  return (text) => {
    const known = texts.get(text);
    if (known === undefined) texts.set(text, text);
    return known ?? text;
  };
}

/** A copy as object literals, which have no room for further fields, unlike objects whose fields a parser adds one by one. */
function compactImage(image: LabelledImage, shared: (text: string) => string): LabelledImage {
  return {
    path: image.path,
    cocoFile: shared(image.cocoFile),
    record: image.record,
    width: image.width,
    height: image.height,
    annotations: image.annotations,
    boxes: image.boxes.map(({ label, x, y, width, height }) => ({
      label: shared(label),
      x,
      y,
      width,
      height,
    })),
    ofShapes: image.ofShapes,
  };
}

function compactResult(result: ImageResult, path: string): ImageResult {
  if (result.status === 'rejected') return result;
  const { status, key, sourceSha256, bytes, orientation, untouched } = result;
  const stored = compactSize(result.stored);
  const isSame = stored.width === result.output.width && stored.height === result.output.height;
  const output = isSame ? stored : compactSize(result.output);
  return { status, path, key, sourceSha256, bytes, stored, orientation, output, untouched };
}

const compactSize = ({ width, height }: Size): Size => ({ width, height });
