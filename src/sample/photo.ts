import { createRandom, type Random } from '../lib/random.js';
import { type Canvas, soften } from './canvas.js';
import { drawFreckles, drawHair } from './distractors.js';
import { type Disc, drawLesion, type Light } from './lesions.js';
import { LOOKS, type SampleBox, type SampleClass } from './looks.js';
import type { Textures } from './noise.js';
import { drawSkin } from './skin.js';
import type { Pixels } from './turn.js';

/** The content of a photo; width and height in pixels, upright. */
export interface PhotoPlan {
  readonly index: number;
  readonly width: number;
  readonly height: number;
  /** 0 (very light skin) to 1 (very dark). */
  readonly tone: number;
  /** The class of each lesion. */
  readonly lesions: readonly SampleClass[];
  /** Whether the photo has an additional lesion that is smaller than MIN_BOX_PX. */
  readonly speck: boolean;
}

/** A drawn photo and its boxes. */
export interface Photo {
  readonly pixels: Pixels;
  readonly boxes: readonly SampleBox[];
}

const SPECK_RADIUS = 2.4;
const PLACING_ATTEMPTS = 40;

/** Finds a free position for a lesion; some lesions overlap slightly, some are cut by the edge. Null if none is free. */
function findFreeDisc(canvas: Canvas, taken: readonly Disc[], radius: number, random: Random): Disc | null {
  const nearness = random.chance(0.15) ? 0.65 : 1.2;
  const margin = random.chance(0.12) ? 0.35 * radius : 1.25 * radius;
  for (let attempt = 0; attempt < PLACING_ATTEMPTS; attempt += 1) {
    const x = random.between(margin, canvas.width - margin);
    const y = random.between(margin, canvas.height - margin);
    const free = taken.every((other) => {
      const apart = nearness * (radius + other.radius);
      return (x - other.x) * (x - other.x) + (y - other.y) * (y - other.y) > apart * apart;
    });
    if (free) return { x, y, radius };
  }
  return null;
}

/** Adds the inaccuracy of hand-drawn boxes: fractions of a pixel, and up to half a pixel beyond the edge of the picture. */
function loosen(box: SampleBox, canvas: Canvas, random: Random): SampleBox {
  const off = () => random.between(-0.45, 0.45);
  const past = () => random.between(0.05, 0.45);
  const left = box.left === 0 ? -past() : box.left + off();
  const top = box.top === 0 ? -past() : box.top + off();
  const right = box.left + box.width === canvas.width ? canvas.width + past() : box.left + box.width + off();
  const bottom =
    box.top + box.height === canvas.height ? canvas.height + past() : box.top + box.height + off();
  return { label: box.label, left, top, width: right - left, height: bottom - top };
}

function drawLesions(
  canvas: Canvas,
  plan: PhotoPlan,
  light: Light,
  textures: Textures,
  random: Random,
): SampleBox[] {
  const taken: Disc[] = [];
  const boxes: SampleBox[] = [];
  const add = (label: SampleClass, radius: number) => {
    const disc = findFreeDisc(canvas, taken, radius, random);
    if (disc === null) return;
    taken.push(disc);
    const box = drawLesion(canvas, label, disc, light, textures.clouds, random);
    if (box !== null) boxes.push(loosen(box, canvas, random));
  };
  for (const label of plan.lesions) {
    const [low, high] = LOOKS[label].radius;
    const share = random.next();
    add(label, low + (high - low) * share * (0.5 + 0.5 * share));
  }
  if (plan.speck) add('comedo', SPECK_RADIUS);
  return boxes;
}

/** Adds sensor noise and rounds to bytes. */
function expose(canvas: Canvas, { grain }: Textures, random: Random): Pixels {
  const { width, height, rgb } = canvas;
  const strength = random.between(2, 9);
  const mask = grain.size - 1;
  const [atX, atY] = [random.integer(0, mask), random.integer(0, mask)];
  const bytes = new Uint8ClampedArray(rgb.length);
  let at = 0;
  for (let y = 0; y < height; y += 1) {
    const row = ((y + atY) & mask) * grain.size;
    for (let x = 0; x < width; x += 1, at += 3) {
      const noise = strength * (grain.values[row + ((x + atX) & mask)] ?? 0);
      bytes[at] = (rgb[at] ?? 0) + noise;
      bytes[at + 1] = (rgb[at + 1] ?? 0) + noise;
      bytes[at + 2] = (rgb[at + 2] ?? 0) + noise;
    }
  }
  return { width, height, rgb: new Uint8Array(bytes.buffer) };
}

/** Draws an upright photo. The same seed and plan give the same pixels. */
export function drawPhoto(plan: PhotoPlan, textures: Textures, seed: number): Photo {
  const random = createRandom(seed, 2, plan.index);
  const canvas: Canvas = {
    width: plan.width,
    height: plan.height,
    rgb: new Float32Array(plan.width * plan.height * 3),
  };
  const light = drawSkin(canvas, plan.tone, textures, random);
  drawFreckles(canvas, random);
  const boxes = drawLesions(canvas, plan, light, textures, random);
  drawHair(canvas, random);
  const blur = random.chance(0.3) ? random.integer(1, 4) : 0;
  for (let pass = 0; pass < blur; pass += 1) soften(canvas);
  return { pixels: expose(canvas, textures, random), boxes };
}
