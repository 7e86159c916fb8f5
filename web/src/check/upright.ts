import type { ExifOrientation } from '../../../src/dataset/model/types.js';
import { exifOrientation, statedOrientation } from '../../../src/images/exif-orientation.js';
import { formatOf } from '../../../src/images/format.js';
import { pngChunks } from '../../../src/images/png-chunks.js';

/** The EXIF orientation of a PNG or WebP, which some browsers apply and others do not; 1 for other formats. */
export function orientationToApply(bytes: Buffer): ExifOrientation {
  const format = formatOf(bytes);
  return format === 'png' || format === 'webp' ? exifOrientation(bytes) : 1;
}

/** A PNG or WebP file without its EXIF orientation, so that no browser applies it. */
export function asStored(bytes: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> {
  if (formatOf(bytes) === 'png') {
    const exif = [...pngChunks(bytes)].find(({ type }) => type === 'eXIf');
    return exif ? Buffer.concat([bytes.subarray(0, exif.start), bytes.subarray(exif.end)]) : bytes;
  }
  const stated = statedOrientation(bytes);
  if (!stated) return bytes;
  // Zero in either byte order: an orientation that is not defined.
  const copy = Buffer.from(bytes);
  return copy.fill(0, stated.at, stated.at + 2);
}
