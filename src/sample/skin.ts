import type { Random } from '../lib/random.js';
import { type Canvas, createField, type Field, fieldLine, type Rgb } from './canvas.js';
import type { Light } from './lesions.js';
import { sampleTile, smoothstep, type Textures } from './noise.js';

/** sRGB colours of skin in even light, from very light to very dark. */
const TONES: readonly Rgb[] = [
  [243, 212, 196],
  [234, 195, 170],
  [221, 174, 143],
  [200, 148, 113],
  [168, 116, 84],
  [140, 95, 69],
  [114, 77, 58],
  [92, 64, 52],
];

/** The skin colour for a `tone` from 0 (very light) to 1 (very dark), with random hue and white balance. */
function baseColour(tone: number, random: Random): Rgb {
  const position = tone * (TONES.length - 1.001);
  const index = Math.floor(position);
  const [lighter, darker] = [TONES[index] ?? [0, 0, 0], TONES[index + 1] ?? [0, 0, 0]];
  const share = position - index;
  const warmth = random.between(-0.055, 0.055);
  const flush = random.between(-0.03, 0.03);
  const balance = [1 + warmth + flush, 1 - flush, 1 - warmth * 1.4] as const;
  const mixed = (channel: 0 | 1 | 2) =>
    (lighter[channel] * (1 - share) + darker[channel] * share) * balance[channel];
  return [mixed(0), mixed(1), mixed(2)];
}

/** Random light: falloff across the picture, vignetting, curved skin, and in some photos the soft edge of a shadow. */
function createLight(width: number, height: number, { clouds }: Textures, random: Random): Light {
  const direction = random.direction();
  const exposure = random.between(0.82, 1.06);
  const falloff = random.between(0.03, 0.2);
  const vignette = random.between(0, 0.2);
  const curve = random.between(0.02, 0.08);
  const [curveX, curveY] = [random.between(0, 256), random.between(0, 256)];
  const shadow = random.chance(0.3) ? random.between(0.15, 0.4) : 0;
  const [shadowX, shadowY] = random.direction();
  const shadowAt = random.between(-0.1, 0.6);
  const shadowWidth = random.between(0.25, 0.9);
  const half = Math.max(width, height) / 2;
  const field = createField(width, height, (x, y) => {
    const [u, v] = [(x - width / 2) / half, (y - height / 2) / half];
    const lit = 1 + falloff * (u * direction[0] + v * direction[1]);
    const bent = 1 + curve * sampleTile(clouds, curveX + u * 14, curveY + v * 14);
    const shaded =
      1 - shadow * smoothstep(shadowAt, shadowAt + shadowWidth, u * shadowX + v * shadowY + 4 * (bent - 1));
    return exposure * lit * bent * shaded * (1 - vignette * (u * u + v * v));
  });
  return { direction, field };
}

/** Random redness of the skin, -1 to 1 times a random strength per photo. */
function createFlush(width: number, height: number, { clouds }: Textures, random: Random): Field {
  const strength = random.chance(0.25) ? random.between(0.8, 1.6) : random.between(0.2, 0.7);
  const [atX, atY] = [random.between(0, 256), random.between(0, 256)];
  const scale = random.between(10, 24) / 256;
  return createField(
    width,
    height,
    (x, y) => strength * sampleTile(clouds, atX + x * scale, atY + y * scale),
  );
}

/** Shading of a random, possibly mirrored relief under the light of the photo, as factors minus 1. */
function shadeRelief(textures: Textures, direction: readonly [number, number], random: Random): Float32Array {
  const relief = random.pick(textures.reliefs);
  const depth = random.between(0.02, 0.06);
  const furrow = random.between(0.01, 0.05);
  const [mirrorX, mirrorY] = [random.chance(0.5), random.chance(0.5)];
  const [lightX, lightY] = [mirrorX ? -direction[0] : direction[0], mirrorY ? -direction[1] : direction[1]];
  const { size, values } = relief.height;
  const shade = new Float32Array(size * size);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      const at = (mirrorY ? size - 1 - y : y) * size + (mirrorX ? size - 1 - x : x);
      shade[y * size + x] =
        furrow * ((values[at] ?? 0) - 0.8) -
        depth * ((relief.slopeX[at] ?? 0) * lightX + (relief.slopeY[at] ?? 0) * lightY);
    }
  }
  return shade;
}

/**
 * Fills the canvas with skin and returns the light of the photo.
 * @param tone 0 (very light) to 1 (very dark)
 */
export function drawSkin(canvas: Canvas, tone: number, textures: Textures, random: Random): Light {
  const { width, height, rgb } = canvas;
  const base = baseColour(tone, random);
  const light = createLight(width, height, textures, random);
  const flush = createFlush(width, height, textures, random);
  const shade = shadeRelief(textures, light.direction, random);
  const { size, values: clouds } = textures.clouds;
  const reliefMask = textures.reliefs[0].height.size - 1;
  const [reliefX, reliefY] = [random.integer(0, reliefMask), random.integer(0, reliefMask)];
  const [cloudX, cloudY] = [random.integer(0, size - 1), random.integer(0, size - 1)];
  const mottle = random.between(0.15, 0.5);
  const lightLine = new Float32Array(width);
  const flushLine = new Float32Array(width);
  const [red, green, blue] = base;
  let to = 0;
  for (let y = 0; y < height; y += 1) {
    fieldLine(light.field, y, lightLine);
    fieldLine(flush, y, flushLine);
    const reliefRow = ((y + reliefY) & reliefMask) * (reliefMask + 1);
    const cloudRow = ((y + cloudY) & (size - 1)) * size;
    for (let x = 0; x < width; x += 1, to += 3) {
      const lit = (lightLine[x] ?? 0) * (1 + (shade[reliefRow + ((x + reliefX) & reliefMask)] ?? 0));
      const blood = (flushLine[x] ?? 0) + mottle * (clouds[cloudRow + ((x + cloudX) & (size - 1))] ?? 0);
      rgb[to] = red * lit * (1 - 0.01 * blood);
      rgb[to + 1] = green * lit * (1 - 0.06 * blood);
      rgb[to + 2] = blue * lit * (1 - 0.055 * blood);
    }
  }
  return light;
}
