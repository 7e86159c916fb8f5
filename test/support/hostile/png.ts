import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

export type PngChunk = readonly [type: string, data: Buffer];

/** How the pixels of a PNG are stored: bits per sample, channels by colour type, and the order of lines. */
export interface PngKind {
  readonly depth: 8 | 16;
  /** 0 grey, 2 RGB, 6 RGB with alpha. */
  readonly colour: 0 | 2 | 6;
  readonly interlaced: boolean;
}

const PLAIN: PngKind = { depth: 8, colour: 2, interlaced: false };
const CHANNELS = { 0: 1, 2: 3, 6: 4 } as const;

/** Writes a PNG of these chunks, with their checksums. */
export function pngOf(chunks: readonly PngChunk[]): Buffer {
  const parts = chunks.map(([type, data]) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  });
  return Buffer.concat([SIGNATURE, ...parts]);
}

/** A black PNG, with further chunks before its pixels and after them. */
export function blackPng(
  width: number,
  height: number,
  kind: Partial<PngKind> = {},
  { before = [], after = [] }: { before?: readonly PngChunk[]; after?: readonly PngChunk[] } = {},
): Buffer {
  const { depth, colour, interlaced } = { ...PLAIN, ...kind };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colour, 0, 0, interlaced ? 1 : 0], 8);
  const bytesPerPixel = (CHANNELS[colour] * depth) / 8;
  const pixels = interlaced ? adam7Bytes(width, height, bytesPerPixel) : height * (1 + width * bytesPerPixel);
  return pngOf([
    ['IHDR', header],
    ...before,
    ['IDAT', deflatedZeros(pixels)],
    ...after,
    ['IEND', Buffer.alloc(0)],
  ]);
}

/** A compressed text chunk that unpacks to `bytes` bytes. */
export function textBomb(bytes: number): PngChunk {
  return ['zTXt', Buffer.concat([Buffer.from('Comment\0\0', 'latin1'), deflatedZeros(bytes, 0x61)])];
}

/** A colour profile that unpacks to `bytes` bytes. */
export function profileBomb(bytes: number): PngChunk {
  const profile = Buffer.alloc(bytes);
  profile.writeUInt32BE(bytes);
  profile.write('acsp', 36, 'latin1');
  return ['iCCP', Buffer.concat([Buffer.from('icc\0\0', 'latin1'), deflateSync(profile, { level: 9 })])];
}

/** The chunks of an animation of `count` further frames of one pixel (APNG). */
export function animationFrames(count: number): { before: PngChunk[]; after: PngChunk[] } {
  const control = Buffer.alloc(8);
  control.writeUInt32BE(count);
  const pixel = deflateSync(Buffer.alloc(4));
  const after = Array.from({ length: count }, (_, n): PngChunk[] => {
    const frame = Buffer.alloc(26);
    for (const [i, value] of [n * 2, 1, 1].entries()) frame.writeUInt32BE(value, i * 4);
    const sequence = Buffer.alloc(4);
    sequence.writeUInt32BE(n * 2 + 1);
    return [
      ['fcTL', frame],
      ['fdAT', Buffer.concat([sequence, pixel])],
    ];
  }).flat();
  return { before: [['acTL', control]], after };
}

/** Compresses `bytes` equal bytes without holding more than a block of them. */
function deflatedZeros(bytes: number, value = 0): Buffer {
  if (bytes <= BLOCK) return deflateSync(Buffer.alloc(bytes, value), { level: 9 });
  return zlibOfRun(bytes, value);
}

const BLOCK = 64 * 1024 * 1024;

/**
 * A zlib stream of `bytes` equal bytes, written by hand: a literal and matches of 258 bytes at distance 1, in a block of fixed
 * Huffman codes (RFC 1951, 3.2.6).
 */
function zlibOfRun(bytes: number, value: number): Buffer {
  const bits = new DeflateBits(Math.ceil(bytes / 258 / 8) * 13 + 4096);
  bits.write(0b011, 3);
  bits.code(0x30 + value, 8);
  let left = bytes - 1;
  for (; left >= 258; left -= 258) {
    bits.code(0b11000101, 8);
    bits.code(0, 5);
  }
  for (; left > 0; left--) bits.code(0x30 + value, 8);
  bits.code(0, 7);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(adler32OfRun(bytes, value));
  return Buffer.concat([Buffer.from([0x78, 0xda]), bits.bytes(), sum]);
}

function adler32OfRun(bytes: number, value: number): number {
  const [count, byte, mod] = [BigInt(bytes), BigInt(value), 65_521n];
  const a = (1n + count * byte) % mod;
  const b = (count + (byte * count * (count + 1n)) / 2n) % mod;
  return Number(b * 65_536n + a);
}

class DeflateBits {
  private readonly out: Buffer;
  private at = 0;
  constructor(capacity: number) {
    this.out = Buffer.alloc(capacity);
  }
  /** Writes a number, its lowest bit first. */
  write(value: number, length: number): void {
    for (let i = 0; i < length; i++) this.bit((value >> i) & 1);
  }
  /** Writes a Huffman code, its highest bit first. */
  code(value: number, length: number): void {
    for (let i = length - 1; i >= 0; i--) this.bit((value >> i) & 1);
  }
  bytes(): Buffer {
    return this.out.subarray(0, Math.ceil(this.at / 8));
  }
  private bit(value: number): void {
    const byte = this.at >> 3;
    this.out[byte] = (this.out[byte] ?? 0) | (value << (this.at & 7));
    this.at += 1;
  }
}

function adam7Bytes(width: number, height: number, bytesPerPixel: number): number {
  const passes = [
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
  ] as const;
  return passes.reduce((sum, [x, y, dx, dy]) => {
    const columns = Math.max(0, Math.ceil((width - x) / dx));
    const rows = Math.max(0, Math.ceil((height - y) / dy));
    return sum + (columns === 0 ? 0 : rows * (1 + columns * bytesPerPixel));
  }, 0);
}
