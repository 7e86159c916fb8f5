import type { ImageFormat } from './format.js';
import { jpegSegments } from './jpeg-segments.js';
import { pngChunks } from './png-chunks.js';
import { isKeptSegment } from './strip-metadata.js';
import { webpChunks } from './webp-chunks.js';

const PNG_METADATA: ReadonlySet<string> = new Set(['eXIf', 'iCCP']);
const WEBP_METADATA: ReadonlySet<string> = new Set(['EXIF', 'ICCP', 'XMP ']);

/** Bytes of EXIF data, colour profile and, in WebP, XMP, which a decoder copies. */
export function metadataBytes(bytes: Buffer, format: ImageFormat): number {
  let sum = 0;
  for (const { start, end } of metadataOf(bytes, format)) sum += end - start;
  return sum;
}

function* metadataOf(bytes: Buffer, format: ImageFormat): Generator<{ start: number; end: number }> {
  if (format === 'jpeg') {
    for (const segment of jpegSegments(bytes)) {
      if (isKeptSegment(bytes, segment)) yield { start: segment.start, end: segment.to };
    }
  }
  if (format === 'png') {
    for (const chunk of pngChunks(bytes)) if (PNG_METADATA.has(chunk.type)) yield chunk;
  }
  if (format === 'webp') {
    for (const chunk of webpChunks(bytes)) if (WEBP_METADATA.has(chunk.type)) yield chunk;
  }
}
