import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { exifOrientation } from '../../src/images/exif-orientation.js';
import { picture } from '../support/archives.js';

const ORIENTATIONS = [1, 2, 3, 4, 5, 6, 7, 8];

describe('exifOrientation', () => {
  it.each(['jpeg', 'png', 'webp', 'tiff'] as const)(
    'the EXIF orientation of a file is read as the decoder reads it: %s',
    async (format) => {
      for (const orientation of ORIENTATIONS) {
        const bytes = await sharp(await picture(1))
          .toFormat(format)
          .withMetadata({ orientation })
          .toBuffer();
        expect((await sharp(bytes).metadata()).orientation).toBe(orientation);
        expect(exifOrientation(bytes)).toBe(orientation);
      }
    },
  );

  it.each(['jpeg', 'png', 'webp', 'tiff', 'gif'] as const)(
    'a file without EXIF data has no orientation to apply: %s',
    async (format) => {
      expect(
        exifOrientation(
          await sharp(await picture(1))
            .toFormat(format)
            .toBuffer(),
        ),
      ).toBe(1);
    },
  );

  it.each([0, 9, 0xffff])('an orientation that is not defined is not applied: %d', async (orientation) => {
    const bytes = await sharp(await picture(1))
      .png()
      .withMetadata({ orientation: 8 })
      .toBuffer();
    const at = bytes.indexOf(Buffer.from([0x12, 0x01, 0x03, 0x00]));
    expect(at).toBeGreaterThan(0);
    bytes.writeUInt16LE(orientation, at + 8);
    expect(exifOrientation(bytes)).toBe(1);
  });

  it.each(['png', 'webp', 'tiff'] as const)(
    'a file that ends within its EXIF data is read: %s',
    async (format) => {
      const whole = await sharp(await picture(1))
        .toFormat(format)
        .withMetadata({ orientation: 6 })
        .toBuffer();
      for (let length = 0; length < whole.length; length += 7) {
        expect([1, 6]).toContain(exifOrientation(whole.subarray(0, length)));
      }
    },
  );
});
