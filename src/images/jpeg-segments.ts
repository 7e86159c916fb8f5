export const START_OF_SCAN = 0xda;
export const COMMENT = 0xfe;
const END_OF_IMAGE = 0xd9;

/** A marker segment of a JPEG. */
export interface JpegSegment {
  /** Second byte of the marker, such as 0xe1 for APP1. */
  readonly marker: number;
  /** Offset of the marker's first byte. */
  readonly start: number;
  /** Offsets of the segment's content, which follows its length. */
  readonly from: number;
  readonly to: number;
}

/**
 * Lists the segments of a JPEG up to its end marker, those between scans included. Decoders find markers in the same way:
 * a byte 0xff that is followed neither by a stuffed zero nor by a restart number. Stops where a length is invalid.
 */
export function* jpegSegments(jpeg: Buffer): Generator<JpegSegment> {
  let at = 2;
  for (;;) {
    const start = jpeg.indexOf(0xff, at);
    if (start < 0 || start + 4 > jpeg.length) return;
    const marker = jpeg[start + 1] ?? 0;
    if (marker === 0xff) {
      at = start + 1;
    } else if (hasNoContent(marker)) {
      at = start + 2;
    } else {
      if (marker === END_OF_IMAGE) return;
      const length = jpeg.readUInt16BE(start + 2);
      const to = start + 2 + length;
      if (length < 2 || to > jpeg.length) return;
      yield { marker, start, from: start + 4, to };
      at = to;
    }
  }
}

/** Stuffed zeros, restarts, the start of the image and the temporary marker. */
const hasNoContent = (marker: number) => marker === 0 || marker === 1 || (marker >= 0xd0 && marker <= 0xd8);

const FRAMES: ReadonlySet<number> = new Set(
  Array.from({ length: 16 }, (_, i) => 0xc0 + i).filter((marker) => ![0xc4, 0xc8, 0xcc].includes(marker)),
);

/** Whether a marker starts the frame, which states size and components. */
export const isFrame = (marker: number) => FRAMES.has(marker);

/** The number of scans of a JPEG. */
export function countScans(jpeg: Buffer): number {
  let scans = 0;
  for (const { marker } of jpegSegments(jpeg)) {
    if (marker === START_OF_SCAN) scans += 1;
  }
  return scans;
}

/** Samples per pixel over all components of a frame: 3 for 4:4:4, 1.5 for 4:2:0. */
export function samplesPerPixel(jpeg: Buffer, { from, to }: JpegSegment): number {
  const factors: number[] = [];
  let [horizontal, vertical] = [1, 1];
  for (let at = from + 6; at + 2 < to; at += 3) {
    const sampling = jpeg[at + 1] ?? 0;
    factors.push((sampling >> 4) * (sampling & 15));
    horizontal = Math.max(horizontal, sampling >> 4);
    vertical = Math.max(vertical, sampling & 15);
  }
  return factors.reduce((sum, factor) => sum + factor, 0) / (horizontal * vertical);
}
