import type { Size } from '../dataset/model/types.js';
import { plural } from '../lib/plural.js';
import { hasTooManyPictures, MAX_PICTURES } from './count-pictures.js';
import { decodingMs } from './decoding-time.js';
import { hasRunawayExif, MAX_EXIF_ENTRIES } from './exif-entries.js';
import type { ImageFormat } from './format.js';
import { countScans, isFrame, jpegSegments, samplesPerPixel } from './jpeg-segments.js';
import type { UnusableImage } from './limits.js';
import { metadataBytes } from './metadata-bytes.js';
import { pngPixels } from './png-chunks.js';

// Limits of the work of decoding an image, computed from its headers. They are not measured in seconds, since the same
// archive must give the same result on every machine. sharp's own timeout does not interrupt a decoder either.

/** Maximum scans of a JPEG. Encoders write up to 20. */
const MAX_SCANS = 100;
/** Maximum pixels times scans: 20 scans of the largest image. */
const MAX_SCANNED_PIXELS = 4_000_000_000;
/**
 * Pixels times scans up to which a JPEG may be as small as it wants, 0.4 s of work, and their maximum per byte beyond that.
 * Progressive photos have 90, white pictures of 10 scans 1,700.
 */
const CHECKED_FROM_SCANNED_PIXELS = 600_000_000;
const MAX_SCANNED_PIXELS_PER_BYTE = 2_500;
/**
 * Maximum memory of a decoder that holds the whole picture, in bytes: an AVIF photo of 24 megapixels, a progressive JPEG
 * of 140. With it, a process stays below 600 MB.
 */
const MAX_DECODED_BYTES = 420_000_000;
/** Maximum pixels per byte of a file. Only WebP and AVIF of one colour have more; a black 1-bit PNG has 8,000. */
const MAX_PIXELS_PER_BYTE = 10_000;
/** Maximum bytes of EXIF data, XMP and colour profile, of which decoders make copies. Profiles have up to 4 MB. */
const MAX_METADATA_BYTES = 16_000_000;
/** Pixels up to which a file may be as small as it wants. */
const CHECKED_FROM_PIXELS = 16_000_000;

/** Bytes per pixel of decoders that always hold the whole picture, measured with blank pictures of 200 megapixels. */
const WHOLE_PICTURE: Partial<Record<ImageFormat, number>> = { webp: 4, gif: 5, avif: 17 };

/** An image as one of several, which share the time for decoding. */
export interface ImageShare {
  /** Number of images that are decoded together: those of the archive. */
  readonly images: number;
  /** Bytes of the image's entry in the archive, as compressed there. */
  readonly packedBytes: number;
}

/** CPU time in ms for decoding the images of an archive together, however small they are. Each has an equal share. */
const ARCHIVE_MS = 10_000;
/**
 * An image that is large enough has a share of MIN_SHARE_MS in every archive: a photo of 12 megapixels takes 120 to 260. A
 * smaller one has less, so that thousands of blank pictures of some hundred bytes do not get as much each. Black-and-white
 * scans, the smallest pictures for their time, have 30 KB.
 */
const MIN_SHARE_MS = 150;
const MIN_SHARE_MS_PER_MB = 5_000;
/** CPU time in ms that an image may need per MB beyond its share. Photos need 30 to 130, AVIF 850. */
const MS_PER_MB = 1_000;

/** Returns why an image needs more than its share of the time for decoding, or undefined. */
export function shareProblem(
  bytes: Buffer,
  format: ImageFormat,
  size: Size,
  { images, packedBytes }: ImageShare,
): UnusableImage | undefined {
  const megabytesPacked = packedBytes / 1e6;
  const minimum = Math.min(MIN_SHARE_MS, megabytesPacked * MIN_SHARE_MS_PER_MB);
  const share = Math.max(minimum, ARCHIVE_MS / images) + megabytesPacked * MS_PER_MB;
  const needed = decodingMs(bytes, format, size);
  if (needed <= share) return undefined;
  return costly(
    `${size.width}x${size.height} pixels in this form take ${Math.round(needed)} ms; the maximum for ${packedBytes} bytes in an archive of ${plural(images, 'image')} is ${Math.round(share)} ms. Resize it, or save it as a baseline JPEG in sRGB.`,
  );
}

/** Returns why the metadata of a file must not be read, or undefined. */
export function metadataProblem(bytes: Buffer, format: ImageFormat): UnusableImage | undefined {
  if (hasTooManyPictures(bytes, format)) {
    return costly(`it has more than ${MAX_PICTURES} frames or pages. Save the first one as JPEG or PNG.`);
  }
  if (metadataBytes(bytes, format) > MAX_METADATA_BYTES) {
    return costly(`its metadata has more than ${megabytes(MAX_METADATA_BYTES)}. Save it without metadata.`);
  }
  if (format === 'tiff' || !hasRunawayExif(bytes)) return undefined;
  return costly(`its EXIF data has more than ${MAX_EXIF_ENTRIES} entries. Save it without metadata.`);
}

/** Returns why an image must not be decoded, or undefined. */
export function decodingProblem(bytes: Buffer, format: ImageFormat, size: Size): UnusableImage | undefined {
  const pixels = size.width * size.height;
  const scans = format === 'jpeg' ? countScans(bytes) : 1;
  if (scans > MAX_SCANS || scans * pixels > MAX_SCANNED_PIXELS) {
    return costly(
      `it has ${scans} scans of ${size.width}x${size.height} pixels. Save it as a baseline JPEG.`,
    );
  }
  if (scans * pixels > Math.max(CHECKED_FROM_SCANNED_PIXELS, bytes.length * MAX_SCANNED_PIXELS_PER_BYTE)) {
    return costly(
      `a file of ${bytes.length} bytes with ${scans} scans of ${size.width}x${size.height} pixels is blank. Remove it, or save it as a baseline JPEG.`,
    );
  }
  const memory = decodedBytes(bytes, format, size);
  if (memory > MAX_DECODED_BYTES) {
    return costly(
      `${size.width}x${size.height} pixels in this form need ${megabytes(memory)}; the maximum is ${megabytes(MAX_DECODED_BYTES)}. Save it as a baseline JPEG.`,
    );
  }
  if (pixels > CHECKED_FROM_PIXELS && pixels > bytes.length * MAX_PIXELS_PER_BYTE) {
    return costly(
      `a file of ${bytes.length} bytes with ${size.width}x${size.height} pixels is blank. Remove or resize it.`,
    );
  }
  return undefined;
}

/** Bytes that the decoder needs to hold the whole picture; 0 if it decodes line by line. */
export function decodedBytes(bytes: Buffer, format: ImageFormat, { width, height }: Size): number {
  return width * height * bytesPerPixel(bytes, format);
}

function bytesPerPixel(bytes: Buffer, format: ImageFormat): number {
  if (format === 'png') {
    const { isInterlaced, isDeep, samples } = pngPixels(bytes);
    return isInterlaced ? samples * (isDeep ? 2 : 1) : 0;
  }
  if (format !== 'jpeg') return WHOLE_PICTURE[format] ?? 0;
  // With several scans the decoder keeps two bytes per coefficient until the last one.
  if (countScans(bytes) < 2) return 0;
  for (const segment of jpegSegments(bytes)) {
    if (isFrame(segment.marker)) return 2 * samplesPerPixel(bytes, segment);
  }
  return 0;
}

const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

function costly(problem: string): UnusableImage {
  return { reason: 'too-costly', message: `Decoding is too costly: ${problem}` };
}
