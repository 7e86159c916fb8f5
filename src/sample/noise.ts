import { createRandom, type Random } from '../lib/random.js';

/** Read once: in the VM context of tests every access to a global is slow. */
const { floor, max, min, sqrt } = Math;

/** A seamless square texture; `values` row by row, `size` a power of two. */
export interface Tile {
  readonly size: number;
  readonly values: Float32Array;
}

/** The fine relief of skin: height (0 in a furrow, 1 on a plateau) and its slope, which determines the shading. */
export interface Relief {
  readonly height: Tile;
  readonly slopeX: Float32Array;
  readonly slopeY: Float32Array;
}

/** Textures that all photos of one seed share; each photo uses different parts of them. */
export interface Textures {
  readonly reliefs: readonly [Relief, ...Relief[]];
  /** Soft clouds with features of 4 to 32 px, about -1 to 1. */
  readonly clouds: Tile;
  /** Unstructured sensor noise, about -1 to 1. */
  readonly grain: Tile;
}

const RELIEF_SIZE = 512;
/** Number of furrow cells along a tile's side, from close-up to distant. */
const RELIEF_CELLS = [38, 54, 76] as const;

/** 0 below `low`, 1 above `high`, a smooth S-curve between. */
export function smoothstep(low: number, high: number, value: number): number {
  const t = min(1, max(0, (value - low) / (high - low)));
  return t * t * (3 - 2 * t);
}

/** The value of a tile at any coordinates in samples, bilinearly interpolated and repeated. */
export function sampleTile({ size, values }: Tile, u: number, v: number): number {
  const mask = size - 1;
  const x = floor(u);
  const y = floor(v);
  const [fx, fy] = [u - x, v - y];
  const [left, right] = [x & mask, (x + 1) & mask];
  const [top, bottom] = [(y & mask) * size, ((y + 1) & mask) * size];
  const upper = (values[top + left] ?? 0) * (1 - fx) + (values[top + right] ?? 0) * fx;
  const lower = (values[bottom + left] ?? 0) * (1 - fx) + (values[bottom + right] ?? 0) * fx;
  return upper * (1 - fy) + lower * fy;
}

function whiteTile(size: number, random: Random): Tile {
  const values = new Float32Array(size * size);
  for (let i = 0; i < values.length; i += 1) values[i] = random.next() + random.next() - 1;
  return { size, values };
}

/** Sums octaves of value noise, each with half the feature size and 0.6 of the strength of the previous one. */
function cloudTile(size: number, coarsest: number, octaves: number, random: Random): Tile {
  const values = new Float32Array(size * size);
  for (
    let octave = 0, cells = coarsest, weight = 1;
    octave < octaves;
    octave += 1, cells *= 2, weight *= 0.6
  ) {
    const lattice = whiteTile(cells, random);
    const scale = cells / size;
    for (let y = 0; y < size; y += 1) {
      for (let x = 0; x < size; x += 1) {
        const [u, v] = [x * scale, y * scale];
        const [cx, cy] = [floor(u), floor(v)];
        const value = sampleTile(lattice, cx + smoothstep(0, 1, u - cx), cy + smoothstep(0, 1, v - cy));
        values[y * size + x] = (values[y * size + x] ?? 0) + weight * value;
      }
    }
  }
  return { size, values };
}

/** Plateaus between furrows: cellular noise from the distances to the nearest and second-nearest of scattered points. */
function furrows(cells: number, random: Random): Float32Array {
  const cellSize = RELIEF_SIZE / cells;
  const jitter = Float32Array.from({ length: cells * cells * 2 }, () => random.next());
  const height = new Float32Array(RELIEF_SIZE * RELIEF_SIZE);
  for (let y = 0; y < RELIEF_SIZE; y += 1) {
    for (let x = 0; x < RELIEF_SIZE; x += 1) {
      const [u, v] = [x / cellSize, y / cellSize];
      const [cx, cy] = [floor(u), floor(v)];
      let [nearest, second] = [9, 9];
      for (let j = cy - 1; j <= cy + 1; j += 1) {
        for (let i = cx - 1; i <= cx + 1; i += 1) {
          const at = 2 * (((j + cells) % cells) * cells + ((i + cells) % cells));
          const dx = i + (jitter[at] ?? 0) - u;
          const dy = j + (jitter[at + 1] ?? 0) - v;
          const distance = dx * dx + dy * dy;
          if (distance < nearest) {
            second = nearest;
            nearest = distance;
          } else if (distance < second) second = distance;
        }
      }
      height[y * RELIEF_SIZE + x] = smoothstep(0, 0.45, sqrt(second) - sqrt(nearest));
    }
  }
  return height;
}

function addPores(height: Float32Array, count: number, random: Random): void {
  const mask = RELIEF_SIZE - 1;
  for (let pore = 0; pore < count; pore += 1) {
    const [cx, cy] = [random.integer(0, mask), random.integer(0, mask)];
    const radius = random.between(1.6, 3.4);
    const depth = random.between(0.4, 1.1);
    for (let dy = -4; dy <= 4; dy += 1) {
      for (let dx = -4; dx <= 4; dx += 1) {
        const bowl = max(0, 1 - (dx * dx + dy * dy) / (radius * radius));
        const at = ((cy + dy) & mask) * RELIEF_SIZE + ((cx + dx) & mask);
        height[at] = (height[at] ?? 0) - depth * bowl * bowl;
      }
    }
  }
}

function createRelief(cells: number, clouds: Tile, random: Random): Relief {
  const size = RELIEF_SIZE;
  const mask = size - 1;
  const values = furrows(cells, random);
  for (let i = 0; i < values.length; i += 1) {
    const cloud = clouds.values[((i >> 9) & (clouds.size - 1)) * clouds.size + (i & (clouds.size - 1))] ?? 0;
    values[i] = (values[i] ?? 0) * (0.75 + 0.35 * cloud) + 0.3 * cloud;
  }
  addPores(values, cells * 9, random);
  const slopeX = new Float32Array(size * size);
  const slopeY = new Float32Array(size * size);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const at = y * size + x;
      slopeX[at] = (values[y * size + ((x + 1) & mask)] ?? 0) - (values[y * size + ((x - 1) & mask)] ?? 0);
      slopeY[at] = (values[((y + 1) & mask) * size + x] ?? 0) - (values[((y - 1) & mask) * size + x] ?? 0);
    }
  }
  return { height: { size, values }, slopeX, slopeY };
}

/** Generates the textures of a seed. */
export function createTextures(seed: number): Textures {
  const random = createRandom(seed, 1);
  const clouds = cloudTile(256, 8, 4, random);
  const [close, ...farther] = RELIEF_CELLS;
  return {
    reliefs: [
      createRelief(close, clouds, random),
      ...farther.map((cells) => createRelief(cells, clouds, random)),
    ],
    clouds,
    grain: whiteTile(512, random),
  };
}
