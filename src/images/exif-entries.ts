/** Tags whose value is the offset of another directory: Exif, GPS, interoperability. */
const DIRECTORY_TAGS: ReadonlySet<number> = new Set([0x8769, 0x8825, 0xa005]);
const ENTRY_BYTES = 12;

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
      const block = new ExifBlock(bytes.subarray(at), header === 'MM\0*');
      // A block counts as one entry, so that many empty ones are too many as well.
      left -= 1 + block.countEntries(left);
      if (left < 0) return true;
    }
  }
  return false;
}

class ExifBlock {
  constructor(
    private readonly block: Buffer,
    private readonly isBigEndian: boolean,
  ) {}

  /** Counts entries, but no further than `limit` plus one. */
  countEntries(limit: number): number {
    return this.countFrom(this.uint32(4), limit);
  }

  private countFrom(offset: number, limit: number): number {
    const entries = this.uint16(offset);
    let count = 0;
    for (let i = 0; i < entries && count <= limit; i++) {
      const at = offset + 2 + i * ENTRY_BYTES;
      if (at + ENTRY_BYTES > this.block.length) break;
      count += 1;
      if (DIRECTORY_TAGS.has(this.uint16(at))) count += this.countFrom(this.uint32(at + 8), limit - count);
    }
    return count;
  }

  private uint16(at: number): number {
    if (at + 2 > this.block.length) return 0;
    return this.isBigEndian ? this.block.readUInt16BE(at) : this.block.readUInt16LE(at);
  }

  private uint32(at: number): number {
    if (at + 4 > this.block.length) return 0;
    return this.isBigEndian ? this.block.readUInt32BE(at) : this.block.readUInt32LE(at);
  }
}
