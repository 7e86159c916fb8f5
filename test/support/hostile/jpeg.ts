/** Symbols of end-of-band runs: symbol n covers 2^n blocks plus n further bits. */
const RUNS = Array.from({ length: 15 }, (_, n) => n << 4);
/** Blocks that the longest run covers at most. */
const LONGEST_RUN = 32_767;
/** Bits of precision that a coefficient is refined through. */
const REFINEMENTS = 14;

/**
 * A valid grey progressive JPEG of zeros with `scans` scans: each coefficient of each block is refined bit by bit, which costs
 * the decoder a pass over the picture per scan and the file a few bytes. Maximum 1 + 63 x 14 scans.
 */
export function scansJpeg(width: number, height: number, scans: number): Buffer {
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8);
  const parts = [SOI, quantization(), frame(0xc2, width, height), huffman(0x00, [0]), huffman(0x10, RUNS)];
  parts.push(scan(0, 0, 0, 0), zeroBits(blocks));
  const band = runBits(blocks);
  for (let n = 1; n < scans; n++) {
    const coefficient = 1 + Math.floor((n - 1) / REFINEMENTS);
    const low = REFINEMENTS - 1 - ((n - 1) % REFINEMENTS);
    parts.push(scan(coefficient, coefficient, low === REFINEMENTS - 1 ? 0 : low + 1, low), band);
  }
  return Buffer.concat([...parts, EOI]);
}

/** A grey baseline JPEG of zeros with a restart marker after every `interval` blocks. */
export function restartsJpeg(width: number, height: number, interval: number): Buffer {
  const blocks = Math.ceil(width / 8) * Math.ceil(height / 8);
  const restart = Buffer.alloc(2);
  restart.writeUInt16BE(interval);
  const parts = [SOI, quantization(), frame(0xc0, width, height), huffman(0x00, [0]), huffman(0x10, [0])];
  parts.push(segment(0xdd, restart), scan(0, 63, 0, 0));
  for (let done = 0, n = 0; done < blocks; done += interval, n++) {
    if (n > 0) parts.push(Buffer.from([0xff, 0xd0 + ((n - 1) % 8)]));
    parts.push(zeroBits(2 * Math.min(interval, blocks - done)));
  }
  return Buffer.concat([...parts, EOI]);
}

/** Inserts `count` segments of a marker behind the start of a JPEG. */
export function withSegments(jpeg: Buffer, marker: number, data: Buffer, count: number): Buffer {
  const one = segment(marker, data);
  return Buffer.concat([jpeg.subarray(0, 2), ...Array.from({ length: count }, () => one), jpeg.subarray(2)]);
}

const SOI = Buffer.from([0xff, 0xd8]);
const EOI = Buffer.from([0xff, 0xd9]);

function segment(marker: number, data: Buffer): Buffer {
  const header = Buffer.from([0xff, marker, 0, 0]);
  header.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([header, data]);
}

const quantization = () => segment(0xdb, Buffer.concat([Buffer.from([0]), Buffer.alloc(64, 1)]));

function frame(marker: number, width: number, height: number): Buffer {
  const data = Buffer.from([8, 0, 0, 0, 0, 1, 1, 0x11, 0]);
  data.writeUInt16BE(height, 1);
  data.writeUInt16BE(width, 3);
  return segment(marker, data);
}

/** A Huffman table whose symbols have codes of one length: 1 bit for one symbol, 4 bits for up to 15. */
function huffman(id: number, symbols: readonly number[]): Buffer {
  const counts = Buffer.alloc(16);
  counts[symbols.length === 1 ? 0 : 3] = symbols.length;
  return segment(0xc4, Buffer.concat([Buffer.from([id]), counts, Buffer.from(symbols)]));
}

const scan = (from: number, to: number, high: number, low: number) =>
  segment(0xda, Buffer.from([1, 1, 0x00, from, to, (high << 4) | low]));

/** `count` bits of 0, padded with 1. */
function zeroBits(count: number): Buffer {
  const bytes = Buffer.alloc(Math.ceil(count / 8));
  if (count % 8 !== 0) bytes[bytes.length - 1] = 0xff >> (count % 8);
  return bytes;
}

/** End-of-band runs over `blocks` blocks. */
function runBits(blocks: number): Buffer {
  let bits = '';
  for (let left = blocks; left > 0; ) {
    const covered = Math.min(left, LONGEST_RUN);
    const n = Math.floor(Math.log2(covered));
    bits += n.toString(2).padStart(4, '0');
    if (n > 0) bits += (covered - 2 ** n).toString(2).padStart(n, '0');
    left -= covered;
  }
  const padded = bits.padEnd(Math.ceil(bits.length / 8) * 8, '1');
  const bytes = (padded.match(/.{8}/g) ?? []).flatMap((byte) => {
    const value = Number.parseInt(byte, 2);
    return value === 0xff ? [0xff, 0] : [value];
  });
  return Buffer.from(bytes);
}
