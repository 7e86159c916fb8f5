import { jpegSegments, START_OF_SCAN } from './jpeg-segments.js';

const PNG_END = Buffer.from('IEND\xae\x42\x60\x82', 'latin1');
const JPEG_END = Buffer.from([0xff, 0xd9]);
const APP2 = 0xe2;

/**
 * Returns whether a decodable JPEG or PNG contains exactly one complete picture: no missing bytes after the last pixel,
 * no appended bytes (a video, a phone's trailer), and no further pictures as in an MPO file.
 */
export function isOnePicture(bytes: Buffer, format: 'jpeg' | 'png'): boolean {
  if (format === 'png') return bytes.subarray(-PNG_END.length).equals(PNG_END);
  return bytes.subarray(-JPEG_END.length).equals(JPEG_END) && !hasPictureIndex(bytes);
}

/** Searches the segments before the pixels for the index of a Multi-Picture file (CIPA DC-007, 5.1). */
function hasPictureIndex(jpeg: Buffer): boolean {
  for (const { marker, from } of jpegSegments(jpeg)) {
    if (marker === START_OF_SCAN) return false;
    if (marker === APP2 && jpeg.toString('latin1', from, from + 4) === 'MPF\0') return true;
  }
  return false;
}
