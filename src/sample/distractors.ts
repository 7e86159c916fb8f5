import type { Random } from '../lib/random.js';
import type { Canvas, Rgb } from './canvas.js';
import { smoothstep } from './noise.js';

/** Read once: in the VM context of tests every access to a global is slow. */
const { ceil, floor, max, min, sqrt } = Math;

/** Multiplies the colours inside a soft disc by `factor`, as far as `strength` (0 to 1) says. */
function dab(canvas: Canvas, x: number, y: number, radius: number, factor: Rgb, strength: number): void {
  const { width, height, rgb } = canvas;
  const toX = min(width - 1, ceil(x + radius));
  const toY = min(height - 1, ceil(y + radius));
  for (let py = max(0, floor(y - radius)); py <= toY; py += 1) {
    for (let px = max(0, floor(x - radius)); px <= toX; px += 1) {
      const distance = sqrt((px - x) * (px - x) + (py - y) * (py - y));
      const share = strength * (1 - smoothstep(radius * 0.35, radius, distance));
      const at = 3 * (py * width + px);
      for (let channel = 0; channel < 3; channel += 1) {
        rgb[at + channel] = (rgb[at + channel] ?? 0) * (1 - share * (1 - (factor[channel] ?? 1)));
      }
    }
  }
}

/** Draws small brown spots without labels; most are too small and pale for a macule. */
export function drawFreckles(canvas: Canvas, random: Random): void {
  if (!random.chance(0.4)) return;
  const count = random.integer(4, 36);
  const colour: Rgb = [0.72, 0.6, 0.52];
  for (let freckle = 0; freckle < count; freckle += 1) {
    const [x, y] = [random.between(0, canvas.width), random.between(0, canvas.height)];
    const radius = random.between(2.5, 10);
    const strength = random.between(0.2, 0.9);
    dab(canvas, x, y, radius, colour, strength);
    if (random.chance(0.5)) {
      dab(canvas, x + radius * random.between(-0.8, 0.8), y + radius * 0.6, radius * 0.7, colour, strength);
    }
  }
}

/** Draws one hair along a quadratic curve, thinner towards its tip. */
function drawSingleHair(canvas: Canvas, colour: Rgb, random: Random): void {
  const [fromX, fromY] = [random.between(0, canvas.width), random.between(0, canvas.height)];
  const [headX, headY] = random.direction();
  const length = random.between(50, 320);
  const bend = random.between(-0.35, 0.35) * length;
  const [toX, toY] = [fromX + headX * length, fromY + headY * length];
  const [viaX, viaY] = [(fromX + toX) / 2 - headY * bend, (fromY + toY) / 2 + headX * bend];
  const radius = random.between(1.1, 2);
  const strength = random.between(0.35, 0.8);
  const steps = ceil(length / 1.2);
  for (let step = 0; step <= steps; step += 1) {
    const t = step / steps;
    const [a, b, c] = [(1 - t) * (1 - t), 2 * t * (1 - t), t * t];
    const x = a * fromX + b * viaX + c * toX;
    const y = a * fromY + b * viaY + c * toY;
    if (x < -3 || y < -3 || x > canvas.width + 3 || y > canvas.height + 3) continue;
    dab(canvas, x, y, radius * (1 - 0.55 * t), colour, strength * 0.6);
  }
}

/** Draws hair over skin and lesions. */
export function drawHair(canvas: Canvas, random: Random): void {
  if (!random.chance(0.45)) return;
  const colour = random.pick<Rgb>([
    [0.3, 0.27, 0.27],
    [0.4, 0.33, 0.28],
    [0.62, 0.52, 0.42],
  ]);
  const hairs = random.integer(1, 14);
  for (let hair = 0; hair < hairs; hair += 1) drawSingleHair(canvas, colour, random);
}
