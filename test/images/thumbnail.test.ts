import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { THUMBNAIL_SIDE } from '../../src/dataset/model/thumbnail.js';
import { preprocessImage } from '../../src/images/preprocess.js';
import { imageSlots } from '../../src/images/slots.js';
import { lumaThumbnail } from '../../src/images/thumbnail.js';
import { waves } from './pictures.js';

/** The definition, one pixel after another: each counts for the cells that it overlaps, by the area of the overlap. */
function exactMeans(rgb: Buffer, width: number, height: number): Uint8Array {
  const sums = new Float64Array(THUMBNAIL_SIDE ** 2);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      const luma = 299 * (rgb[at] ?? 0) + 587 * (rgb[at + 1] ?? 0) + 114 * (rgb[at + 2] ?? 0);
      for (const [row, high] of overlaps(y, height)) {
        for (const [column, wide] of overlaps(x, width)) {
          const cell = row * THUMBNAIL_SIDE + column;
          sums[cell] = (sums[cell] ?? 0) + luma * high * wide;
        }
      }
    }
  }
  return Uint8Array.from(sums, (sum) => Math.round(sum / (1000 * width * height)));
}

/** The cells that a pixel overlaps, with the length of each overlap in 1/64 of a pixel. */
function overlaps(pixel: number, pixels: number): [cell: number, length: number][] {
  const [start, end] = [pixel * THUMBNAIL_SIDE, (pixel + 1) * THUMBNAIL_SIDE];
  const first = Math.floor(start / pixels);
  const edge = (first + 1) * pixels;
  if (end <= edge) return [[first, THUMBNAIL_SIDE]];
  return [
    [first, edge - start],
    [first + 1, end - edge],
  ];
}

describe('luma thumbnails', () => {
  it('luma thumbnails contain the mean luma of each cell', () => {
    const [width, height] = [128, 192];
    const rgb = Buffer.alloc(width * height * 3);
    for (let i = 0; i < width * height; i++) rgb.set(i % width < 64 ? [255, 0, 0] : [0, 0, 255], i * 3);
    const large = lumaThumbnail(rgb, width, height);
    expect(large).toHaveLength(THUMBNAIL_SIDE ** 2);
    expect(large[0]).toBe(76);
    expect(large[THUMBNAIL_SIDE - 1]).toBe(29);
  });

  it('luma thumbnails include every pixel of a picture whose sides are not multiples of 64', () => {
    const [width, height] = [101, 67];
    const rgb = Buffer.alloc(width * height * 3);
    rgb.fill(255, (width * height - 1) * 3);
    const large = lumaThumbnail(rgb, width, height);
    expect(large.findLastIndex((luma) => luma > 0)).toBe(THUMBNAIL_SIDE ** 2 - 1);
  });

  it('luma thumbnails are the exact means, whatever the sides and the alignment of the pixels', () => {
    const side = fc.integer({ min: THUMBNAIL_SIDE, max: 150 });
    fc.assert(
      fc.property(side, side, fc.integer({ min: 0, max: 3 }), fc.integer(), (width, height, offset, seed) => {
        const rgb = Buffer.alloc(offset + width * height * 3).subarray(offset);
        for (let i = 0, x = seed; i < rgb.length; i++) {
          x = (Math.imul(x, 1_664_525) + 1_013_904_223) | 0;
          rgb[i] = x >>> 24;
        }
        expect(lumaThumbnail(rgb, width, height)).toEqual(exactMeans(rgb, width, height));
      }),
      { numRuns: 40 },
    );
  });

  it('luma thumbnails of the largest white picture are white', () => {
    const [width, height] = [THUMBNAIL_SIDE + 1, 16_384];
    const white = lumaThumbnail(Buffer.alloc(width * height * 3, 255), width, height);
    expect(white.every((luma) => luma === 255)).toBe(true);
  });

  it('luma thumbnails are rotated like the picture, whatever its sides', () => {
    const [width, height] = [101, 67];
    const rgb = Buffer.from(Array.from({ length: width * height * 3 }, (_, i) => (i * i * 7919) % 251));
    const turned = Buffer.alloc(rgb.length);
    for (let i = 0; i < rgb.length; i += 3) rgb.copy(turned, rgb.length - 3 - i, i, i + 3);
    const reversed = lumaThumbnail(turned, width, height).reverse();
    expect(reversed).toEqual(lumaThumbnail(rgb, width, height));
  });

  it('luma thumbnails show the upright picture', async () => {
    const [upright, turned] = await Promise.all(
      [1, 3].map(async (orientation) => {
        const source = waves(400, 300).withMetadata({ orientation }).jpeg({ quality: 95 });
        const image = await preprocessImage(await source.toBuffer(), { imageMaxSide: 400 });
        return 'reason' in image ? new Uint8Array() : image.thumbnail64.slice();
      }),
    );
    const apart =
      upright?.map((luma, i) => Math.abs(luma - (turned?.[THUMBNAIL_SIDE ** 2 - 1 - i] ?? 0))) ?? [];
    expect(apart).toHaveLength(THUMBNAIL_SIDE ** 2);
    expect(Math.max(...apart)).toBeLessThanOrEqual(2);
  });
});

describe('image slots', () => {
  it('image slots allow four image pipelines at once', async () => {
    let [running, most] = [0, 0];
    const opened: (() => void)[] = [];
    const tasks = Array.from({ length: 9 }, () =>
      imageSlots(async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise<void>((resolve) => opened.push(resolve));
        running -= 1;
      }),
    );
    while (opened.length < 4) await Promise.resolve();
    expect(imageSlots.activeCount).toBe(4);
    const drain = setInterval(() => opened.shift()?.(), 0);
    await Promise.all(tasks);
    clearInterval(drain);
    expect(most).toBe(4);
  });
});
