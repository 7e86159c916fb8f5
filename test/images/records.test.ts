import { describe, expect, it } from '@jest/globals';
import { THUMBNAIL_BYTES } from '../../src/dataset/model/thumbnail.js';
import type { ImageResult, PlanBatch } from '../../src/dataset/model/types.js';
import { joinBatch } from '../../src/pipeline/records.js';
import { MemoryThumbnails } from '../../src/pipeline/thumbnails.js';

const PATHS = ['a.jpg', 'b.jpg', 'c.jpg'];
/** The classes of the two boxes of the last image. The image before has one box, the first none. */
const LABELS = ['acne', 'scar'];

const batch: PlanBatch = {
  index: 4,
  images: PATHS.map((path, index) => ({
    entry: { path, offset: 0, compressedSize: 1, size: 1, crc32: 1, method: 0, modified: '' },
    image: {
      path,
      cocoFile: 'coco.json',
      record: `image id ${index}`,
      width: 100,
      height: 80,
      annotations: index,
      boxes: LABELS.slice(0, index).map((label) => ({ label, x: 0.5, y: index, width: 10, height: 20 })),
    },
  })),
};

/** The result of an image, and a thumbnail filled with the character code of its name. */
function processed(path: string): { result: ImageResult; thumbnail: Buffer } {
  const result: ImageResult = {
    status: 'preprocessed',
    path,
    key: `datasets/${path}`,
    sourceSha256: 'f'.repeat(64),
    bytes: 10,
    stored: { width: 100, height: 80 },
    orientation: 1,
    output: { width: 50, height: 40 },
    untouched: false,
  };
  return { result, thumbnail: Buffer.alloc(THUMBNAIL_BYTES, path.charCodeAt(0)) };
}

function batchOf(paths: readonly string[]) {
  const all = paths.map(processed);
  return {
    result: { index: 4, images: all.map(({ result }) => result) },
    thumbnails: Buffer.concat(all.map(({ thumbnail }) => thumbnail)),
  };
}

describe('the records of a batch', () => {
  it('have the result and the thumbnail of their image if a preprocessor wrote these in another order', () => {
    const thumbnails = new MemoryThumbnails();
    thumbnails.add(Buffer.alloc(2 * THUMBNAIL_BYTES));
    const records = joinBatch(batch, batchOf(['c.jpg', 'a.jpg', 'b.jpg']), thumbnails);
    // `boxes` is computed, so that a copy of the other fields lacks it.
    expect(records.map(({ image }) => ({ ...image, boxes: image.boxes }))).toEqual(
      batch.images.map(({ image }) => image),
    );
    expect(records.map(({ result }) => result)).toEqual(PATHS.map((path) => processed(path).result));
    const shown = records.map(({ thumbnail }) => String.fromCharCode(thumbnails.get(thumbnail)[0] ?? 0));
    expect(shown).toEqual(['a', 'b', 'c']);
  });

  it('keep the reason of a rejected image', () => {
    const reason = 'undecodable' as const;
    const rejected = { status: 'rejected', path: 'b.jpg', cocoFile: 'coco.json', reason, message: 'Broken.' };
    const { result, thumbnails } = batchOf(PATHS);
    const images = result.images.map((one) => (one.path === 'b.jpg' ? (rejected as ImageResult) : one));
    const records = joinBatch(batch, { result: { index: 4, images }, thumbnails }, new MemoryThumbnails());
    expect(records[1]?.result).toEqual(rejected);
  });

  it('are refused if an image has no result', () => {
    expect(() => joinBatch(batch, batchOf(['a.jpg', 'b.jpg']), new MemoryThumbnails())).toThrow(
      'Batch 4 has no result for c.jpg.',
    );
  });

  it('are refused if a thumbnail is missing', () => {
    const { result, thumbnails } = batchOf(PATHS);
    const short = thumbnails.subarray(THUMBNAIL_BYTES);
    expect(() => joinBatch(batch, { result, thumbnails: short }, new MemoryThumbnails())).toThrow(
      'Batch 4 has 8192 bytes of thumbnails for 3 images. Each image needs 4096.',
    );
  });
});
