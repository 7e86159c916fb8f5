import { ExifBlock } from './exif-block.js';

/** Tags whose value is the offset of another directory: Exif, GPS, interoperability. */
const DIRECTORY_TAGS: ReadonlySet<number> = new Set([0x8769, 0x8825, 0xa005]);

/**
 * Maximum directory entries of all EXIF blocks of a file, each counted as often as a reader that follows every reference
 * meets it. Cameras write about a hundred.
 */
export const MAX_EXIF_ENTRIES = 2_000;

/**
 * Whether a file contains EXIF blocks with too many directory entries. Directories that refer to themselves or to each
 * other let a block of 64 KB take minutes, since libexif follows every reference. Blocks are found by their TIFF header, in
 * every container.
 */
export function hasRunawayExif(bytes: Buffer): boolean {
  let left = MAX_EXIF_ENTRIES;
  for (const header of ['II*\0', 'MM\0*'] as const) {
    for (let at = bytes.indexOf(header, 0, 'latin1'); at >= 0; at = bytes.indexOf(header, at + 4, 'latin1')) {
      const block = new ExifBlock(bytes.subarray(at));
      // A block counts as one entry, so that many empty ones are too many as well.
      left -= 1 + countFrom(block, block.firstDirectory, left);
      if (left < 0) return true;
    }
  }
  return false;
}

/** Counts the entries of a directory and of those that it refers to, but no further than `limit` plus one. */
function countFrom(block: ExifBlock, directory: number, limit: number): number {
  let count = 0;
  for (const at of block.entriesAt(directory)) {
    if (count > limit) break;
    count += 1;
    if (DIRECTORY_TAGS.has(block.uint16(at))) {
      count += countFrom(block, block.uint32(at + 8), limit - count);
    }
  }
  return count;
}
