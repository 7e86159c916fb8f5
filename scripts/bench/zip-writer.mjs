// Writes a ZIP of many small stored entries as a stream. yazl searches all entries for each one that it writes, which takes
// hours for a million.
import { crc32 } from 'node:zlib';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const END = 0x06054b50;
/** Version 4.5 of the format: ZIP64, which more than 65,535 entries need. */
const VERSION = 45;
/** 1 January 2025 in the format of MS-DOS. */
const DOS_DATE = ((2025 - 1980) << 9) | (1 << 5) | 1;

/** Yields the bytes of a ZIP of up to 4 GB. @param entries yields pairs of a path in ASCII and a Buffer, at once or later */
export async function* zipOf(entries) {
  let offset = 0;
  const directory = [];
  for await (const [path, bytes] of entries) {
    const facts = factsOf(bytes);
    const local = record(LOCAL, [facts, u16(path.length), u16(0), Buffer.from(path), bytes]);
    directory.push(
      record(CENTRAL, [
        u16(VERSION),
        facts,
        u16(path.length),
        u16(0),
        Buffer.alloc(10),
        u32(offset),
        Buffer.from(path),
      ]),
    );
    offset += local.length;
    yield local;
  }
  const central = Buffer.concat(directory);
  yield central;
  yield endOf(directory.length, central.length, offset);
}

/** The part that the two headers of an entry share. */
function factsOf(bytes) {
  const size = u32(bytes.length);
  return Buffer.concat([u16(VERSION), u16(0), u16(0), u16(0), u16(DOS_DATE), u32(crc32(bytes)), size, size]);
}

function endOf(entries, size, offset) {
  const counts = [u64(entries), u64(entries), u64(size), u64(offset)];
  return Buffer.concat([
    record(END_64, [u64(44), u16(VERSION), u16(VERSION), u32(0), u32(0), ...counts]),
    record(LOCATOR_64, [u32(0), u64(offset + size), u32(1)]),
    record(END, [u16(0), u16(0), u16(0xffff), u16(0xffff), u32(0xffffffff), u32(0xffffffff), u16(0)]),
  ]);
}

const record = (signature, parts) => Buffer.concat([u32(signature), ...parts]);

function u16(value) {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
