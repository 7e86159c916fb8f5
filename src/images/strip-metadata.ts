import { COMMENT, type JpegSegment, jpegSegments } from './jpeg-segments.js';
import { pngChunks } from './png-chunks.js';

/** Chunks that decide how a PNG looks. All others are dropped: texts, times, animations, private chunks. */
const PNG_CHUNKS: ReadonlySet<string> = new Set([
  ...['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'cHRM', 'gAMA', 'iCCP', 'sBIT', 'sRGB', 'cICP', 'bKGD', 'pHYs'],
  'eXIf',
]);

const EXIF = 0xe1;
const PROFILE = 0xe2;
/** Application segments that decide how a JPEG looks, by marker, with the name at their beginning. */
const JPEG_SEGMENTS: ReadonlyMap<number, string> = new Map([
  [0xe0, 'JFIF\0'],
  [EXIF, 'Exif\0\0'],
  [PROFILE, 'ICC_PROFILE\0'],
  [0xee, 'Adobe'],
]);

/**
 * Removes from a JPEG or PNG everything that does not change how it looks: comments, texts, XMP, IPTC, previews, frames of
 * animations, private data. They can contain personal data, and a PNG of some kilobytes can have gigabytes of compressed
 * text, which decoders unpack. Pixels are not encoded again. Returns `bytes` itself if there is nothing to remove.
 */
export function stripMetadata(bytes: Buffer, format: 'jpeg' | 'png'): Buffer {
  const surplus = format === 'png' ? surplusChunks(bytes) : surplusSegments(bytes);
  const kept: Buffer[] = [];
  let at = 0;
  for (const { start, end } of surplus) {
    if (start > at) kept.push(bytes.subarray(at, start));
    at = end;
  }
  return at === 0 ? bytes : Buffer.concat([...kept, bytes.subarray(at)]);
}

/** Whether a JPEG or PNG that `stripMetadata` returned has EXIF data or a colour profile, readable or not. */
export function hasExifOrProfile(lean: Buffer, format: 'jpeg' | 'png'): boolean {
  if (format === 'png') return [...pngChunks(lean)].some(({ type }) => type === 'eXIf' || type === 'iCCP');
  return [...jpegSegments(lean)].some(({ marker }) => marker === EXIF || marker === PROFILE);
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function* surplusChunks(png: Buffer): Generator<Range> {
  for (const { type, start, end } of pngChunks(png)) {
    if (!PNG_CHUNKS.has(type)) yield { start, end };
  }
}

function* surplusSegments(jpeg: Buffer): Generator<Range> {
  for (const segment of jpegSegments(jpeg)) {
    if (isSurplus(jpeg, segment)) yield { start: segment.start, end: segment.to };
  }
}

function isSurplus(jpeg: Buffer, segment: JpegSegment): boolean {
  if (segment.marker === COMMENT) return true;
  return isApplication(segment) && !isKeptSegment(jpeg, segment);
}

const isApplication = ({ marker }: JpegSegment) => marker >= 0xe0 && marker <= 0xef;

/** Whether a segment is one of those with EXIF data, a colour profile or the like that decide how a JPEG looks. */
export function isKeptSegment(jpeg: Buffer, { marker, from, to }: JpegSegment): boolean {
  const name = JPEG_SEGMENTS.get(marker);
  return name !== undefined && jpeg.toString('latin1', from, Math.min(to, from + name.length)) === name;
}
