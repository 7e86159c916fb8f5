import type { Random } from '../lib/random.js';
import { type Canvas, type Field, fieldAt, type Rgb } from './canvas.js';
import { LOOKS, type Range, type SampleBox, type SampleClass } from './looks.js';
import { sampleTile, smoothstep, type Tile } from './noise.js';

/** Read once: in the VM context of tests every access to a global is slow. */
const { ceil, floor, max, min, sqrt } = Math;

/** Centre and mean radius of a lesion in pixels. */
export interface Disc {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** Light of a photo: its direction (a unit vector in the plane of the picture) and its intensity by position. */
export interface Light {
  readonly direction: readonly [number, number];
  readonly field: Field;
}

/** One lesion of a class: a value from each range of the look of the class. */
interface Lesion extends Disc {
  readonly axis: readonly [number, number];
  readonly stretch: number;
  readonly warp: number;
  readonly warpAt: readonly [number, number];
  readonly softness: number;
  readonly body: number;
  readonly rim: number;
  readonly halo: number;
  readonly dome: number;
  readonly core: { readonly radius: number; readonly strength: number };
  readonly gloss: { readonly radius: number; readonly strength: number };
}

/** Offset of the highlight towards the light, as a share of the radius. */
const GLOSS_OFFSET = 0.18;
const HALO_REACH = 1.6;
const HALO_COLOUR: Rgb = [1, 0.8, 0.8];
const GLOSS_COLOUR: Rgb = [248, 238, 214];

function createLesion(label: SampleClass, disc: Disc, random: Random): Lesion {
  const look = LOOKS[label];
  const within = ([low, high]: Range) => random.between(low, high);
  return {
    ...disc,
    axis: random.direction(),
    stretch: random.between(1, 1.18),
    warp: within(look.warp),
    warpAt: [random.between(0, 256), random.between(0, 256)],
    softness: within(look.softness),
    body: within(look.body.strength),
    rim: within(look.rim.strength),
    halo: within(look.halo),
    dome: within(look.dome),
    core: { radius: within(look.core.radius), strength: within(look.core.strength) },
    gloss: { radius: within(look.gloss.radius), strength: within(look.gloss.strength) },
  };
}

/** Blends the pixel at index `at` with its own colour times `factor`, or with the colour `factor` under `light`. */
function tint(rgb: Float32Array, at: number, factor: Rgb, strength: number, light: number | null): void {
  for (let channel = 0; channel < 3; channel += 1) {
    const here = rgb[at + channel] ?? 0;
    const aim = light === null ? here * (factor[channel] ?? 1) : light * (factor[channel] ?? 1);
    rgb[at + channel] = here + (aim - here) * strength;
  }
}

/**
 * Draws a lesion and returns the box of its visible part: the pixels with an opacity of at least one half.
 * Returns null if the lesion lies outside the picture.
 */
export function drawLesion(
  canvas: Canvas,
  label: SampleClass,
  disc: Disc,
  light: Light,
  clouds: Tile,
  random: Random,
): SampleBox | null {
  const lesion = createLesion(label, disc, random);
  const look = LOOKS[label];
  const [cos, sin] = lesion.axis;
  const [lightX, lightY] = light.direction;
  const reach = lesion.radius * HALO_REACH * 1.35;
  const [fromX, toX] = [max(0, floor(lesion.x - reach)), min(canvas.width - 1, ceil(lesion.x + reach))];
  const [fromY, toY] = [max(0, floor(lesion.y - reach)), min(canvas.height - 1, ceil(lesion.y + reach))];
  let [left, top, right, bottom] = [canvas.width, canvas.height, -1, -1];
  for (let y = fromY; y <= toY; y += 1) {
    for (let x = fromX; x <= toX; x += 1) {
      const dx = (x - lesion.x) / lesion.radius;
      const dy = (y - lesion.y) / lesion.radius;
      const along = (dx * cos + dy * sin) / lesion.stretch;
      const across = (dy * cos - dx * sin) * lesion.stretch;
      const plain = along * along + across * across;
      if (plain > HALO_REACH * HALO_REACH * 1.7) continue;
      const bend = sampleTile(clouds, lesion.warpAt[0] + dx * 22, lesion.warpAt[1] + dy * 22);
      const d = sqrt(plain) * (1 + lesion.warp * bend);
      const at = 3 * (y * canvas.width + x);
      if (d < HALO_REACH) {
        const outside = 1 - d / HALO_REACH;
        tint(canvas.rgb, at, HALO_COLOUR, min(1, 2.2 * outside) * lesion.halo, null);
      }
      const edge = 1 - smoothstep(1 - lesion.softness, 1, d);
      if (edge === 0) continue;
      if (edge >= 0.5) {
        left = min(left, x);
        right = max(right, x);
        top = min(top, y);
        bottom = max(bottom, y);
      }
      const here = fieldAt(light.field, x, y);
      const fine = sampleTile(clouds, lesion.warpAt[0] + dx * 70, lesion.warpAt[1] + dy * 70);
      tint(canvas.rgb, at, look.body.colour, edge * lesion.body * (1 + 0.25 * fine), null);
      const ring = smoothstep(0.45, 0.85, d);
      tint(canvas.rgb, at, look.rim.colour, edge * ring * lesion.rim, null);
      const inner = d * (1 + 0.25 * fine);
      const core = 1 - smoothstep(lesion.core.radius * 0.6, lesion.core.radius * 1.25, inner);
      if (core > 0) {
        const mottled = here * (1 + 0.06 * fine);
        tint(canvas.rgb, at, look.core.colour, core * lesion.core.strength, look.core.own ? mottled : null);
      }
      const shade = 1 + lesion.dome * (dx * lightX + dy * lightY) * max(0, 1.25 - d * d) * 1.8;
      tint(canvas.rgb, at, [shade, shade, shade], edge, null);
      const [gx, gy] = [dx - lightX * GLOSS_OFFSET, dy - lightY * GLOSS_OFFSET];
      const gloss = 1 - (gx * gx + gy * gy) / (lesion.gloss.radius * lesion.gloss.radius);
      if (gloss > 0) tint(canvas.rgb, at, GLOSS_COLOUR, gloss * gloss * lesion.gloss.strength, here);
    }
  }
  if (right < left) return null;
  return { label, left, top, width: right + 1 - left, height: bottom + 1 - top };
}
