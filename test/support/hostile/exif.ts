import { withSegments } from './jpeg.js';

/** A little below the limit up to which libpng unpacks a text. */
export const MAX_TEXT_BYTES = 7_900_000;

const EXIF_DIRECTORY = 0x8769;
const ENTRIES = 5_400;

/** An EXIF block of 64 KB whose only directory refers to itself 5,400 times. */
export function runawayExif(): Buffer {
  const block = Buffer.alloc(8 + 2 + ENTRIES * 12 + 4);
  block.write('II*\0\x08\0\0\0', 'latin1');
  block.writeUInt16LE(ENTRIES, 8);
  for (let i = 0; i < ENTRIES; i++) {
    const at = 10 + i * 12;
    block.writeUInt16LE(EXIF_DIRECTORY, at);
    block.writeUInt16LE(4, at + 2);
    block.writeUInt32LE(1, at + 4);
    block.writeUInt32LE(8, at + 8);
  }
  return block;
}

/** Inserts an EXIF block into a JPEG. */
export function withExif(jpeg: Buffer, block: Buffer): Buffer {
  return withSegments(jpeg, 0xe1, Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), block]), 1);
}
