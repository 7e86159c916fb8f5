/** Bytes of a directory entry. */
export const ENTRY_BYTES = 12;
const ORIENTATION_TAG = 0x0112;
/** Type of an entry whose value is an unsigned number of 16 bits. */
const SHORT = 3;

/** A block of EXIF data, which has the structure of a TIFF file. Reading beyond its end returns 0. */
export class ExifBlock {
  private readonly isBigEndian: boolean;

  /** @param block starts with the TIFF header, `II*\0` or `MM\0*` */
  constructor(private readonly block: Buffer) {
    this.isBigEndian = block[0] === 0x4d;
  }

  /** Offset of the first directory. */
  get firstDirectory(): number {
    return this.uint32(4);
  }

  /** Offset of the directory that follows one; 0 if it is the last one. */
  nextDirectory(directory: number): number {
    return this.uint32(directory + 2 + this.uint16(directory) * ENTRY_BYTES);
  }

  /** Offsets of the entries of a directory that lie within the block. */
  *entriesAt(directory: number): Generator<number> {
    const entries = this.uint16(directory);
    for (let i = 0; i < entries; i++) {
      const at = directory + 2 + i * ENTRY_BYTES;
      if (at + ENTRY_BYTES > this.block.length) return;
      yield at;
    }
  }

  /** Offset of the orientation's value in the block; undefined if there is none. */
  get orientationAt(): number | undefined {
    for (const at of this.entriesAt(this.firstDirectory)) {
      if (this.uint16(at) === ORIENTATION_TAG && this.uint16(at + 2) === SHORT) return at + 8;
    }
    return undefined;
  }

  /**
   * The first value of an entry of the first directory, of 16 or 32 bits; undefined if there is none. Values that do not fit
   * into the entry are taken from where it refers to.
   */
  numberOf(tag: number): number | undefined {
    for (const at of this.entriesAt(this.firstDirectory)) {
      if (this.uint16(at) !== tag) continue;
      const isShort = this.uint16(at + 2) === SHORT;
      const isOutside = this.uint32(at + 4) * (isShort ? 2 : 4) > 4;
      const from = isOutside ? this.uint32(at + 8) : at + 8;
      return isShort ? this.uint16(from) : this.uint32(from);
    }
    return undefined;
  }

  uint16(at: number): number {
    if (at + 2 > this.block.length) return 0;
    return this.isBigEndian ? this.block.readUInt16BE(at) : this.block.readUInt16LE(at);
  }

  uint32(at: number): number {
    if (at + 4 > this.block.length) return 0;
    return this.isBigEndian ? this.block.readUInt32BE(at) : this.block.readUInt32LE(at);
  }
}
