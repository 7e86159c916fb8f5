import { ExifBlock } from './exif-block.js';
import type { ImageFormat } from './format.js';
import { webpChunks } from './webp-chunks.js';

/**
 * Maximum pictures in one file: frames of an animation, pages of a TIFF. Only the first one is used, but decoders list all of
 * them before that. Bursts of a camera have tens, scans and microscope stacks hundreds, long animations some thousands.
 */
export const MAX_PICTURES = 10_000;

/** Whether a file contains more than MAX_PICTURES pictures. Nothing is decoded. */
export function hasTooManyPictures(bytes: Buffer, format: ImageFormat): boolean {
  let left = MAX_PICTURES;
  for (const _ of picturesOf(bytes, format)) {
    left -= 1;
    if (left < 0) return true;
  }
  return false;
}

/** Yields each picture. Of formats whose decoder reads only the first picture, none is listed. */
function picturesOf(bytes: Buffer, format: ImageFormat): Iterable<unknown> {
  if (format === 'gif') return gifFrames(bytes);
  // Each chunk counts, since decoders list unknown ones too.
  if (format === 'webp') return webpChunks(bytes);
  if (format === 'tiff') return tiffPages(bytes);
  return [];
}

const GIF_HEADER_BYTES = 13;
const GIF_DESCRIPTOR_BYTES = 10;
const EXTENSION = 0x21;
const EXTENSION_COMMENT = 0xfe;
const IMAGE = 0x2c;

/** Follows the blocks of a GIF as the decoder does, which takes an extension's first block for data even if it is empty. */
function* gifFrames(gif: Buffer): Generator<number> {
  let at = GIF_HEADER_BYTES + colourTableBytes(gif[10]);
  while (at < gif.length) {
    if (gif[at] === EXTENSION) {
      const isComment = gif[at + 1] === EXTENSION_COMMENT;
      at = afterBlocks(gif, isComment ? at + 2 : at + 3 + (gif[at + 2] ?? 0));
    } else if (gif[at] === IMAGE) {
      yield at;
      // One byte, the size of codes, stands before the data.
      at = afterBlocks(gif, at + GIF_DESCRIPTOR_BYTES + colourTableBytes(gif[at + 9]) + 1);
    } else {
      return;
    }
  }
}

/** Bytes of the colour table that the flags of a GIF's header or of a frame announce. */
function colourTableBytes(flags = 0): number {
  return (flags & 0x80) === 0 ? 0 : 3 * (2 << (flags & 7));
}

/** The offset behind a series of blocks, each with its length before it, which ends with an empty one. */
function afterBlocks(gif: Buffer, from: number): number {
  let at = from;
  for (let length = gif[at]; length !== undefined && length !== 0; length = gif[at]) at += 1 + length;
  return at + 1;
}

/** Follows the directories of a TIFF, which may stand in any order and refer to each other in a circle. */
function* tiffPages(tiff: Buffer): Generator<number> {
  const block = new ExifBlock(tiff);
  const seen = new Set<number>();
  let at = block.firstDirectory;
  while (at !== 0 && at < tiff.length && !seen.has(at)) {
    seen.add(at);
    yield at;
    at = block.nextDirectory(at);
  }
}
