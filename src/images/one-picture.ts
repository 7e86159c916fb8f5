const PNG_END = Buffer.from('IEND\xae\x42\x60\x82', 'latin1');
const JPEG_END = Buffer.from([0xff, 0xd9]);
const START_OF_SCAN = 0xda;
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
  let at = 2;
  while (at + 4 <= jpeg.length && jpeg[at] === 0xff) {
    const marker = jpeg[at + 1];
    if (marker === START_OF_SCAN) return false;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === APP2 && jpeg.toString('latin1', at + 4, at + 8) === 'MPF\0') return true;
    at += 2 + jpeg.readUInt16BE(at + 2);
  }
  return false;
}
