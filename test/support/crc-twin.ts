import { crc32 } from 'node:zlib';

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** Appends bytes to `bytes` so that its length and its CRC-32 are those of `target`, which must be longer. */
export function withCrcOf(target: Buffer, bytes: Buffer): Buffer {
  const padded = Buffer.concat([bytes, Buffer.alloc(target.length - bytes.length - 4)]);
  // The last four bytes decide the CRC: the register is calculated backwards from its end.
  let wanted = ~crc32(target) >>> 0;
  const steps: number[] = [];
  for (let n = 0; n < 4; n++) {
    const index = TABLE.findIndex((value) => value >>> 24 === wanted >>> 24);
    steps.unshift(index);
    wanted = (((wanted ^ (TABLE[index] ?? 0)) << 8) | 0) >>> 0;
  }
  let register = ~crc32(padded) >>> 0;
  const tail = steps.map((index) => {
    const byte = (register ^ index) & 0xff;
    register = (register >>> 8) ^ (TABLE[index] ?? 0);
    return byte;
  });
  return Buffer.concat([padded, Buffer.from(tail)]);
}
