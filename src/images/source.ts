import sharp, { type Metadata, type Sharp } from 'sharp';
import { runDecoder } from './decoder-memory.js';
import {
  decodedBytes,
  decodingProblem,
  type ImageShare,
  metadataProblem,
  shareProblem,
} from './decoding-cost.js';
import type { ImageFormat } from './format.js';
import { MAX_INPUT_PIXELS, type UnusableImage } from './limits.js';
import { stripMetadata } from './strip-metadata.js';

// Images are processed in parallel (slots.ts), each with one thread.
sharp.concurrency(1);
sharp.cache(false);

/** An image file that may be decoded. */
export interface Source {
  /** The file without what does not change how it looks. */
  readonly lean: Buffer;
  readonly metadata: Metadata;
  /** Opens the file for decoding, each time anew. */
  open(): Sharp;
}

/**
 * Runs `work` on an image file once its decoder may use the memory that it needs. Returns the problem instead if decoding
 * would be too costly.
 * @param share limits the time for decoding an image that is one of several
 * @param failOn the least damage that fails; with `none`, what can be decoded is decoded
 * @throws errors of the decoder and of `work`
 */
export async function withSource<T>(
  bytes: Buffer,
  format: ImageFormat,
  { failOn, share }: { failOn: 'warning' | 'error' | 'none'; share?: ImageShare | undefined },
  work: (source: Source) => Promise<T>,
): Promise<T | UnusableImage> {
  const hidden = metadataProblem(bytes, format);
  if (hidden) return hidden;
  const lean = format === 'jpeg' || format === 'png' ? stripMetadata(bytes, format) : bytes;
  const open = () => sharp(lean, { failOn, limitInputPixels: MAX_INPUT_PIXELS });
  const metadata = await open().metadata();
  const costly =
    decodingProblem(lean, format, metadata) ?? (share && shareProblem(lean, format, metadata, share));
  if (costly) return costly;
  return await runDecoder(decodedBytes(lean, format, metadata), () => work({ lean, metadata, open }));
}
