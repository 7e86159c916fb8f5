/** A lossless WebP of one colour: a header and five Huffman codes of one symbol, without data per pixel. */
export function blankWebp(width: number, height: number): Buffer {
  const body = Buffer.alloc(10);
  body[0] = 0x2f;
  const size = BigInt(width - 1) | (BigInt(height - 1) << 14n);
  // The version (3 bits) and the three flags that follow are 0. Each code: simple, one symbol, of one bit, which is 0.
  let codes = 0n;
  for (let n = 0n; n < 5n; n++) codes |= 1n << (n * 4n);
  const bits = size | (codes << 35n);
  for (let i = 0; i < 9; i++) body[i + 1] = Number((bits >> BigInt(i * 8)) & 0xffn);
  const riff = Buffer.alloc(20);
  riff.write('RIFF', 0, 'latin1');
  riff.writeUInt32LE(12 + body.length, 4);
  riff.write('WEBPVP8L', 8, 'latin1');
  riff.writeUInt32LE(body.length, 16);
  return Buffer.concat([riff, body]);
}

/** A GIF with `frames` frames of one pixel on a canvas. `before` stands before the first one. */
export function framesGif(
  width: number,
  height: number,
  frames: number,
  before: Buffer = Buffer.alloc(0),
): Buffer {
  const header = Buffer.from('GIF89a\0\0\0\0\xf0\0\0\0\0\0\xff\xff\xff', 'latin1');
  header.writeUInt16LE(width, 6);
  header.writeUInt16LE(height, 8);
  const frame = Buffer.from([
    0x21, 0xf9, 4, 4, 1, 0, 0, 0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0,
  ]);
  return Buffer.concat([header, before, Buffer.alloc(frame.length * frames, frame), Buffer.from([0x3b])]);
}

/** An animated WebP with `frames` frames of one pixel. */
export function framesWebp(width: number, height: number, frames: number): Buffer {
  const pixel = blankWebp(1, 1).subarray(12);
  const canvas = Buffer.alloc(10);
  // The flags: it is an animation.
  canvas[0] = 0x02;
  canvas.writeUIntLE(width - 1, 4, 3);
  canvas.writeUIntLE(height - 1, 7, 3);
  const frame = riffChunk('ANMF', Buffer.concat([Buffer.alloc(16), pixel]));
  const body = Buffer.concat([
    Buffer.from('WEBP', 'latin1'),
    riffChunk('VP8X', canvas),
    riffChunk('ANIM', Buffer.alloc(6)),
    Buffer.alloc(frame.length * frames, frame),
  ]);
  return riffChunk('RIFF', body);
}

/** A WebP with XMP behind its picture. */
export const withXmp = (webp: Buffer, xmp: Buffer): Buffer =>
  riffChunk('RIFF', Buffer.concat([webp.subarray(8), riffChunk('XMP ', xmp)]));

function riffChunk(name: string, content: Buffer): Buffer {
  const header = Buffer.from(`${name}\0\0\0\0`, 'latin1');
  header.writeUInt32LE(content.length, 4);
  return Buffer.concat([header, content, Buffer.alloc(content.length % 2)]);
}

/** A grey TIFF with `pages` pages, which share their pixels. */
export function pagesTiff(
  side: number,
  pages: number,
  { bigEndian = false, backwards = false }: { bigEndian?: boolean; backwards?: boolean } = {},
): Buffer {
  const tags = { 256: side, 257: side, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: side, 279: side * side };
  const entries = Object.entries(tags);
  const pageBytes = 2 + entries.length * 12 + 4;
  const start = 8 + side * side;
  const tiff = Buffer.alloc(start + pages * pageBytes, 0x80);
  const uint16 = (value: number, at: number) =>
    bigEndian ? tiff.writeUInt16BE(value, at) : tiff.writeUInt16LE(value, at);
  const uint32 = (value: number, at: number) =>
    bigEndian ? tiff.writeUInt32BE(value, at) : tiff.writeUInt32LE(value, at);
  const offsetOf = (page: number) => start + (backwards ? pages - 1 - page : page) * pageBytes;
  tiff.write(bigEndian ? 'MM\0*' : 'II*\0', 'latin1');
  uint32(offsetOf(0), 4);
  for (let page = 0; page < pages; page++) {
    const at = offsetOf(page);
    uint16(entries.length, at);
    entries.forEach(([tag, value], i) => {
      uint16(Number(tag), at + 2 + i * 12);
      uint16(4, at + 4 + i * 12);
      uint32(1, at + 6 + i * 12);
      uint32(value, at + 10 + i * 12);
    });
    uint32(page + 1 < pages ? offsetOf(page + 1) : 0, at + pageBytes - 4);
  }
  return tiff;
}

/** A TIFF whose tags are these; `data` stands at offset 8, the directory behind it. Values are 32-bit. */
export function tiffOf(tags: Readonly<Record<number, number>>, data: Buffer): Buffer {
  const entries = Object.entries(tags);
  const head = Buffer.from('II*\0\0\0\0\0', 'latin1');
  head.writeUInt32LE(8 + data.length, 4);
  const directory = Buffer.alloc(2 + entries.length * 12 + 4);
  directory.writeUInt16LE(entries.length, 0);
  entries.forEach(([tag, value], i) => {
    directory.writeUInt16LE(Number(tag), 2 + i * 12);
    directory.writeUInt16LE(4, 4 + i * 12);
    directory.writeUInt32LE(1, 6 + i * 12);
    directory.writeUInt32LE(value, 10 + i * 12);
  });
  return Buffer.concat([head, data, directory]);
}
