import { describe, expect, it } from '@jest/globals';
import { THUMBNAIL_SIDE } from '../../src/dataset/model/thumbnail.js';
import { preprocessImage } from '../../src/images/preprocess.js';
import { imageSlots } from '../../src/images/slots.js';
import { lumaThumbnail } from '../../src/images/thumbnail.js';
import { waves } from './pictures.js';

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
