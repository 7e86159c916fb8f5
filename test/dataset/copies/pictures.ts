import { TURN_PIXELS } from '../../../src/dataset/copies/similarity.js';
import { THUMBNAIL_SIDE as SIDE } from '../../../src/dataset/model/thumbnail.js';

/** A seeded generator of numbers from 0 to below 1. */
export function random(seed: number): () => number {
  let state = seed * 7919 + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/** A synthetic 64x64 picture: a broad gradient, whose direction is `light`, and soft blobs of a few pixels. */
export function blobs(seed: number, light = random(seed + 1000)()): Uint8Array {
  const next = random(seed);
  const spots = Array.from({ length: 60 }, () => ({
    x: next() * SIDE,
    y: next() * SIDE,
    size: 2 + next() * 4,
    strength: (next() - 0.5) * 120,
  }));
  return Uint8Array.from({ length: SIDE * SIDE }, (_, pixel) => {
    const [x, y] = [pixel % SIDE, Math.floor(pixel / SIDE)];
    const sum = spots.reduce(
      (luma, spot) =>
        luma + spot.strength * Math.exp(-((x - spot.x) ** 2 + (y - spot.y) ** 2) / (2 * spot.size ** 2)),
      70 + 110 * ((x * light + y * (1 - light)) / SIDE),
    );
    return Math.max(0, Math.min(255, Math.round(sum)));
  });
}

/** The picture in one of `TURNS`. */
export function turned(picture: Uint8Array, turn: number): Uint8Array {
  return Uint8Array.from(TURN_PIXELS[turn] ?? [], (pixel) => picture[pixel] ?? 0);
}

/** The picture with brightness, contrast and noise changed, as exporters do. */
export function relit(picture: Uint8Array, seed: number): Uint8Array {
  const next = random(seed);
  return picture.map((luma) => Math.max(0, Math.min(255, Math.round(luma * 0.85 + 12 + 4 * (next() - 0.5)))));
}

/** The picture rotated by degrees and zoomed about its centre; pixels from outside are black. */
export function rotated(picture: Uint8Array, degrees: number, zoom: number): Uint8Array {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180) / zoom, Math.sin((degrees * Math.PI) / 180) / zoom];
  const middle = (SIDE - 1) / 2;
  return Uint8Array.from({ length: SIDE * SIDE }, (_, pixel) => {
    const [x, y] = [(pixel % SIDE) - middle, Math.floor(pixel / SIDE) - middle];
    const [column, row] = [Math.round(middle + cos * x - sin * y), Math.round(middle + sin * x + cos * y)];
    const inside = column >= 0 && row >= 0 && column < SIDE && row < SIDE;
    return inside ? (picture[row * SIDE + column] ?? 0) : 0;
  });
}
