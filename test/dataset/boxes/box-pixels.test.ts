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

/** A picture with a red square somewhere, and how much smaller it is made. */
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

/** Centre of what is red, each pixel by how red it is: a marker's blurred edge lies between pixels. */
async function redCentre(bytes: Buffer): Promise<{ x: number; y: number }> {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  let [total, sumX, sumY] = [0, 0, 0];
  // Without Math: in a test's own realm each look at a global costs more than the rest of the loop.
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

/** The marker's box in the output, and the marker's own centre there, as measured. */
async function moved(one: Picture, orientation: ExifOrientation) {
  const bytes = await marked(one.stored.width, one.stored.height, one.centre, MARKER)
    .png()
    .withMetadata({ orientation })
    .toBuffer();
  const prepared = await preprocessImage(bytes, { imageMaxSide: one.imageMaxSide });
  if ('reason' in prepared) throw new Error(prepared.message);

  // Where people saw it: measured too, so that no code of ours says how EXIF turns.
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

describe('the centre of a box stays on the pixels that it was drawn on', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8] as const)(
    'in an image of EXIF orientation %i, resized or not, in either reading',
    async (orientation) => {
      await fc.assert(
        fc.asyncProperty(picture, async (one) => {
          const { box, marker } = await moved(one, orientation);
          // Edges are rounded to whole pixels, so the centre may be off by half of one; the rest is what measuring a blurred marker costs.
          expect(Math.abs(box.x - marker.x)).toBeLessThanOrEqual(0.75);
          expect(Math.abs(box.y - marker.y)).toBeLessThanOrEqual(0.75);
        }),
        { numRuns: 6 },
      );
    },
  );
});
