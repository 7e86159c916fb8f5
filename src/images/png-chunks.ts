const SIGNATURE_BYTES = 8;
/** Length, type and checksum. */
const CHUNK_OVERHEAD = 12;

export interface PngChunk {
  readonly type: string;
  /** Offsets of the whole chunk, from its length to its checksum. */
  readonly start: number;
  readonly end: number;
}

/** Lists the chunks of a PNG. Stops at the end of the image, or where a chunk reaches beyond the file. */
export function* pngChunks(png: Buffer): Generator<PngChunk> {
  let start = SIGNATURE_BYTES;
  while (start + CHUNK_OVERHEAD <= png.length) {
    const end = start + CHUNK_OVERHEAD + png.readUInt32BE(start);
    if (end > png.length) return;
    const type = png.toString('latin1', start + 4, start + 8);
    yield { type, start, end };
    if (type === 'IEND') return;
    start = end;
  }
}

const SAMPLES_BY_COLOUR_TYPE: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** Whether a PNG is interlaced, and its bytes per pixel when decoded. `png` must have a complete header. */
export function pngPixels(png: Buffer): { isInterlaced: boolean; bytesPerPixel: number } {
  const [depth = 8, colourType = 6] = png.subarray(24, 26);
  const samples = SAMPLES_BY_COLOUR_TYPE[colourType] ?? 4;
  return { isInterlaced: png[28] === 1, bytesPerPixel: samples * (depth === 16 ? 2 : 1) };
}
