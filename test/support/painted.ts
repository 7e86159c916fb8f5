import type { Box, Size } from '../../src/dataset/model/types.js';
import type { Picture } from '../../src/emulator/detector/picture.js';
import { createRandom, type Random } from '../../src/lib/random.js';
import type { TrainingPicture } from './training-set.js';

/** Red discs and dark squares on an uneven background: they differ in colour and in their edges. */
const COLOURS = { disc: [190, 60, 60], square: [60, 60, 80] } as const;
type Shape = keyof typeof COLOURS;

const SIDE = 128;
/** Two sizes only: few window shapes make the fit fast. */
const SIDES = [24, 32] as const;

/** Paints the part of an object that is inside the picture. */
function paint(rgb: Uint8Array, { width, height }: Size, { label, left, top, width: side }: Box): void {
  const colour = COLOURS[label as Shape];
  for (let y = Math.max(0, top); y < Math.min(height, top + side); y++) {
    for (let x = Math.max(0, left); x < Math.min(width, left + side); x++) {
      const [u, v] = [(2 * (x - left) + 1) / side - 1, (2 * (y - top) + 1) / side - 1];
      if (label === 'square' || u * u + v * v <= 1) rgb.set(colour, 3 * (y * width + x));
    }
  }
}

function ground(random: Random, { width, height }: Size): Uint8Array {
  const [red, green, blue] = [random.integer(130, 200), random.integer(130, 200), random.integer(110, 180)];
  const rgb = new Uint8Array(3 * width * height);
  for (let i = 0; i < rgb.length; i += 3) {
    const grain = random.integer(-20, 20);
    rgb.set([red + grain, green + grain, blue + grain], i);
  }
  return rgb;
}

/** Draws an object of a random class at a random position in each half of a picture. */
function paintedPicture(random: Random): TrainingPicture {
  const boxes = [0, SIDE / 2].map((from): Box => {
    const side = random.pick<number>(SIDES);
    return {
      label: random.pick<Shape>(['disc', 'square']),
      left: from + random.integer(0, SIDE / 2 - side),
      top: random.integer(0, SIDE - side),
      width: side,
      height: side,
    };
  });
  const size = { width: SIDE, height: SIDE };
  const rgb = ground(random, size);
  for (const box of boxes) paint(rgb, size, box);
  return { size, boxes, read: async () => ({ rgb, ...size }) };
}

/** Draws pictures for training; the seed decides all of them. */
export function paintedPictures(count: number, seed: number): TrainingPicture[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => paintedPicture(random));
}

/**
 * Draws a disc on an empty background. Relative to the longer side it is as large as in the painted pictures.
 *
 * @param across, down position of the disc, 0 to 1 from edge to edge; outside this range it is partly cut off
 */
export function withDisc(size: Size, across: number, down: number): { picture: Picture; box: Box } {
  const side = Math.round(Math.max(size.width, size.height) * (SIDES[1] / SIDE));
  const [left, top] = [Math.round((size.width - side) * across), Math.round((size.height - side) * down)];
  const box = { label: 'disc', left, top, width: side, height: side };
  const rgb = ground(createRandom(7), size);
  paint(rgb, size, box);
  return { picture: { rgb, ...size }, box };
}
