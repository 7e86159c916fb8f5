import type { ExifOrientation } from '../dataset/model/types.js';
import { ExifBlock } from './exif-block.js';
import { formatOf, type ImageFormat } from './format.js';
import { jpegSegments } from './jpeg-segments.js';
import { pngChunks } from './png-chunks.js';

/** Where a file states its orientation, as a number of 16 bits. */
interface StatedOrientation {
  readonly value: number;
  /** Offset of the value in the file. */
  readonly at: number;
}

const JPEG_EXIF = 0xe1;
const EXIF_NAME = 'Exif\0\0';
/** Type and length of a chunk of a WebP. */
const RIFF_HEADER_BYTES = 8;
/** The chunks of a WebP begin after `RIFF`, the length and `WEBP`. */
const WEBP_CHUNKS_AT = 12;

/**
 * The EXIF orientation of a JPEG, PNG, WebP or TIFF file, as the decoder of the server reads it; 1 if the file states
 * none, or one that is not defined.
 */
export function exifOrientation(bytes: Buffer): ExifOrientation {
  const { value } = statedOrientation(bytes) ?? { value: 1 };
  return value >= 1 && value <= 8 ? (value as ExifOrientation) : 1;
}

/** Where a file states its EXIF orientation; undefined if it does not. */
export function statedOrientation(bytes: Buffer): StatedOrientation | undefined {
  const start = exifStart(bytes, formatOf(bytes));
  if (start === undefined) return undefined;
  const block = new ExifBlock(bytes.subarray(start));
  const at = block.orientationAt;
  return at === undefined ? undefined : { value: block.uint16(at), at: start + at };
}

/** Offset of the TIFF header of the EXIF data. */
function exifStart(bytes: Buffer, format: ImageFormat): number | undefined {
  if (format === 'tiff') return 0;
  if (format === 'png') {
    const chunk = [...pngChunks(bytes)].find(({ type }) => type === 'eXIf');
    return chunk && chunk.start + 8;
  }
  if (format === 'jpeg') {
    for (const { marker, from } of jpegSegments(bytes)) {
      if (marker === JPEG_EXIF && hasName(bytes, from)) return from + EXIF_NAME.length;
    }
  }
  if (format !== 'webp') return undefined;
  const content = webpExif(bytes);
  return content !== undefined && hasName(bytes, content) ? content + EXIF_NAME.length : content;
}

const hasName = (bytes: Buffer, at: number) =>
  bytes.toString('latin1', at, at + EXIF_NAME.length) === EXIF_NAME;

/** Offset of the content of the chunk `EXIF`. Chunks have even lengths. */
function webpExif(webp: Buffer): number | undefined {
  let at = WEBP_CHUNKS_AT;
  while (at + RIFF_HEADER_BYTES <= webp.length) {
    if (webp.toString('latin1', at, at + 4) === 'EXIF') return at + RIFF_HEADER_BYTES;
    const length = webp.readUInt32LE(at + 4);
    at += RIFF_HEADER_BYTES + length + (length % 2);
  }
  return undefined;
}
