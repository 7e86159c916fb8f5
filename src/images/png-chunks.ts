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

export interface PngPixels {
  readonly isInterlaced: boolean;
  /** Whether samples have 16 bits. */
  readonly isDeep: boolean;
  readonly hasAlpha: boolean;
  /** Samples per pixel, alpha included. */
  readonly samples: number;
}

/** How the pixels of a PNG are stored. `png` must have a complete header. */
export function pngPixels(png: Buffer): PngPixels {
  const [depth = 8, colourType = 6] = png.subarray(24, 26);
  return {
    isInterlaced: png[28] === 1,
    isDeep: depth === 16,
    hasAlpha: colourType >= 4,
    samples: SAMPLES_BY_COLOUR_TYPE[colourType] ?? 4,
  };
}
