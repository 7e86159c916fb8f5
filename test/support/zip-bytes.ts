import { crc32, deflateRawSync } from 'node:zlib';

/** An entry of a ZIP that is written byte by byte, so that its directory can contain false values. */
export interface RawEntry {
  readonly name: string | Buffer;
  readonly data?: Buffer;
  readonly deflate?: boolean;
  readonly flags?: number;
  readonly method?: number;
  /** Size in the directory, if it differs from the real one. */
  readonly claimedSize?: number;
  readonly crc?: number;
  /** Unix mode in the upper half of the external attributes. */
  readonly unixMode?: number;
  /** Offset in the directory, if it differs from the real one. */
  readonly offset?: number;
  /** Extra field of the local header. */
  readonly localExtra?: Buffer;
  readonly zip64?: boolean;
  /** Extra field of the directory only. */
  readonly centralExtra?: Buffer;
  /** Comment in the directory. */
  readonly comment?: Buffer;
  /** Compressed size that the directory claims. */
  readonly claimedStored?: number;
}

/** Writes a ZIP of these entries, with a comment at its end. */
export function zipBytes(entries: readonly RawEntry[], { comment = '', zip64 = false } = {}): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const entry of entries) {
    const name = Buffer.isBuffer(entry.name) ? entry.name : Buffer.from(entry.name);
    const data = entry.data ?? Buffer.from('data');
    const stored = entry.deflate ? deflateRawSync(data) : data;
    const method = entry.method ?? (entry.deflate ? 8 : 0);
    const size = entry.claimedSize ?? data.length;
    const crc = entry.crc ?? crc32(data);
    const flags = entry.flags ?? 0x800;

    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(flags, 6);
    local.writeUInt16LE(method, 8);
    local.writeUInt16LE(name.length, 26);
    local.writeUInt16LE(entry.localExtra?.length ?? 0, 28);
    const written = Buffer.concat([local, name, entry.localExtra ?? Buffer.alloc(0), stored]);

    const extra = entry.zip64
      ? zip64Extra(size, stored.length, entry.offset ?? at)
      : (entry.centralExtra ?? Buffer.alloc(0));
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(entry.unixMode === undefined ? 20 : (3 << 8) | 20, 4);
    central.writeUInt16LE(flags, 8);
    central.writeUInt16LE(method, 10);
    central.writeUInt16LE(0x43cf, 12);
    central.writeUInt16LE(0x5b2e, 14);
    central.writeUInt32LE(crc, 16);
    central.writeUInt32LE(entry.zip64 ? 0xffffffff : (entry.claimedStored ?? stored.length), 20);
    central.writeUInt32LE(entry.zip64 ? 0xffffffff : size, 24);
    central.writeUInt16LE(name.length, 28);
    central.writeUInt16LE(extra.length, 30);
    central.writeUInt16LE(entry.comment?.length ?? 0, 32);
    central.writeUInt32LE(((entry.unixMode ?? 0) << 16) >>> 0, 38);
    central.writeUInt32LE(entry.zip64 ? 0xffffffff : (entry.offset ?? at), 42);
    parts.push(written);
    directory.push(central, name, extra, entry.comment ?? Buffer.alloc(0));
    at += written.length;
  }
  const central = Buffer.concat(directory);
  const end = endRecord(entries.length, central.length, at, comment, zip64);
  const large = zip64 ? zip64Records(entries.length, central.length, at) : Buffer.alloc(0);
  return Buffer.concat([...parts, central, large, end]);
}

function zip64Extra(size: number, compressed: number, offset: number): Buffer {
  const extra = Buffer.alloc(28);
  extra.writeUInt16LE(0x0001, 0);
  extra.writeUInt16LE(24, 2);
  extra.writeBigUInt64LE(BigInt(size), 4);
  extra.writeBigUInt64LE(BigInt(compressed), 12);
  extra.writeBigUInt64LE(BigInt(offset), 20);
  return extra;
}

function endRecord(entries: number, bytes: number, offset: number, comment: string, zip64: boolean): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  // Writers without ZIP64 support let the count overflow.
  end.writeUInt16LE(zip64 ? 0xffff : entries % 0x10000, 8);
  end.writeUInt16LE(zip64 ? 0xffff : entries % 0x10000, 10);
  end.writeUInt32LE(zip64 ? 0xffffffff : bytes, 12);
  end.writeUInt32LE(zip64 ? 0xffffffff : offset, 16);
  end.writeUInt16LE(Buffer.byteLength(comment), 20);
  return Buffer.concat([end, Buffer.from(comment)]);
}

function zip64Records(entries: number, bytes: number, offset: number): Buffer {
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(entries), 24);
  record.writeBigUInt64LE(BigInt(entries), 32);
  record.writeBigUInt64LE(BigInt(bytes), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(offset + bytes), 8);
  locator.writeUInt32LE(1, 16);
  return Buffer.concat([record, locator]);
}
