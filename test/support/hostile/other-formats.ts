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

/** A GIF with `frames` frames of one pixel on a canvas. */
export function framesGif(width: number, height: number, frames: number): Buffer {
  const header = Buffer.from('GIF89a\0\0\0\0\xf0\0\0\0\0\0\xff\xff\xff', 'latin1');
  header.writeUInt16LE(width, 6);
  header.writeUInt16LE(height, 8);
  const frame = Buffer.from([
    0x21, 0xf9, 4, 4, 1, 0, 0, 0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0,
  ]);
  return Buffer.concat([header, ...Array.from({ length: frames }, () => frame), Buffer.from([0x3b])]);
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
