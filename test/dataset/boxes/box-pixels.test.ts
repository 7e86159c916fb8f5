import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import sharp from 'sharp';
import { boxImages } from '../../../src/dataset/boxes/box-images.js';
import { Drops } from '../../../src/dataset/model/drops.js';
import { DEFAULT_DATASET_SETTINGS } from '../../../src/dataset/model/settings.js';
import type { ExifOrientation } from '../../../src/dataset/model/types.js';
import { preprocessImage } from '../../../src/images/preprocess.js';
import { marked } from '../../images/pictures.js';
import { drawn } from '../curating/images.js';

const MARKER = 24;

/** An image with a red square, and the size to which it is resized. */
const picture = fc
  .record({ width: fc.integer({ min: 150, max: 900 }), height: fc.integer({ min: 150, max: 900 }) })
  .chain(({ width, height }) =>
    fc.record({
      stored: fc.constant({ width, height }),
      centre: fc.record({
        x: fc.integer({ min: MARKER, max: width - MARKER }),
        y: fc.integer({ min: MARKER, max: height - MARKER }),
      }),
      imageMaxSide: fc.integer({ min: 400, max: 1000 }),
      reading: fc.constantFrom('stored' as const, 'turned' as const),
      /** Exporters state the size of the copy that was labelled, and boxes in its pixels. */
      cocoScale: fc.constantFrom(1, 0.5, 3),
    }),
  );

type Picture = typeof picture extends fc.Arbitrary<infer T> ? T : never;

/** Centre of the red pixels, weighted by their redness, since the marker has a blurred edge. */
async function redCentre(bytes: Buffer): Promise<{ x: number; y: number }> {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  let [total, sumX, sumY] = [0, 0, 0];
  // Without Math: reading a global is slow in the VM context of a test.
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, at += channels) {
      const red = (data[at] ?? 0) - (data[at + 1] ?? 0) - 20;
      if (red <= 0) continue;
      total += red;
      sumX += red * (x + 0.5);
      sumY += red * (y + 0.5);
    }
  }
  return { x: sumX / total, y: sumY / total };
}

/** The centre of the converted box, and the measured centre of the marker, in the preprocessed image. */
async function moved(one: Picture, orientation: ExifOrientation) {
  const bytes = await marked(one.stored.width, one.stored.height, one.centre, MARKER)
    .png()
    .withMetadata({ orientation })
    .toBuffer();
  const prepared = await preprocessImage(bytes, { imageMaxSide: one.imageMaxSide });
  if ('reason' in prepared) throw new Error(prepared.message);

  // The position that an annotator saw is measured as well, so that the test does not depend on our EXIF code.
  const shown = one.reading === 'stored' ? bytes : await sharp(bytes).autoOrient().png().toBuffer();
  const { width, height } = await sharp(shown).metadata();
  const seen = await redCentre(shown);
  const box = {
    label: 'marker',
    x: (seen.x - MARKER / 2) * one.cocoScale,
    y: (seen.y - MARKER / 2) * one.cocoScale,
    width: MARKER * one.cocoScale,
    height: MARKER * one.cocoScale,
  };
  const { image, result } = drawn('a.png', [box], {
    stored: prepared.stored,
    orientation: prepared.orientation,
    output: prepared.output,
    coco: { width: width * one.cocoScale, height: height * one.cocoScale },
  });
  const settings = { ...DEFAULT_DATASET_SETTINGS, exifBoxes: one.reading };
  const { candidates } = boxImages([{ image, result }], new Map(), settings, new Drops({}));
  const [there] = candidates[0]?.boxes ?? [];
  if (!there) throw new Error('The box was dropped.');
  return {
    box: { x: there.left + there.width / 2, y: there.top + there.height / 2 },
    marker: await redCentre(prepared.body),
  };
}

describe('box pixels', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8] as const)(
    'a box keeps its centre on the marked pixels with EXIF orientation %i, resized or not, in both readings',
    async (orientation) => {
      await fc.assert(
        fc.asyncProperty(picture, async (one) => {
          const { box, marker } = await moved(one, orientation);
          // Edges are rounded to whole pixels, which moves the centre by up to half a pixel; the rest is the error of measuring a blurred marker.
          expect(Math.abs(box.x - marker.x)).toBeLessThanOrEqual(0.75);
          expect(Math.abs(box.y - marker.y)).toBeLessThanOrEqual(0.75);
        }),
        { numRuns: 6 },
      );
    },
  );
});
