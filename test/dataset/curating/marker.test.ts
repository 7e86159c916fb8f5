import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import sharp from 'sharp';
import { moveBox } from '../../../src/dataset/boxes.js';
import { boxReadings } from '../../../src/dataset/exif.js';
import type { LabelledImage, PreprocessedImage, Size } from '../../../src/dataset/types.js';
import { preprocessImage } from '../../../src/images/preprocess.js';
import { marked, redCentre } from '../../images/pictures.js';

const MARKER = 24;

interface Centre {
  readonly x: number;
  readonly y: number;
}

/** A picture with a marker, its EXIF turn, and how its COCO file is written. */
const drawing = fc.record({
  stored: fc.record({
    width: fc.integer({ min: 150, max: 420 }),
    height: fc.integer({ min: 150, max: 420 }),
  }),
  across: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
  down: fc.double({ min: 0.1, max: 0.9, noNaN: true }),
  orientation: fc.integer({ min: 1, max: 8 }),
  means: fc.constantFrom('stored' as const, 'turned' as const),
  imageMaxSide: fc.integer({ min: 200, max: 500 }),
  cocoScale: fc.constantFrom(1, 0.5, 2),
});

function recordOf(centre: Centre, of: Size, scale: number): LabelledImage {
  return {
    ...{ path: 'a.png', cocoFile: 'c.json', record: 'image id 1', annotations: 1 },
    ...{ width: of.width * scale, height: of.height * scale },
    boxes: [
      {
        label: 'marker',
        x: (centre.x - MARKER / 2) * scale,
        y: (centre.y - MARKER / 2) * scale,
        width: MARKER * scale,
        height: MARKER * scale,
      },
    ],
  };
}

it("a box's centre stays on the same pixels through resizing and turning, measured in the output", async () => {
  await fc.assert(
    fc.asyncProperty(
      drawing,
      async ({ stored, across, down, orientation, means, imageMaxSide, cocoScale }) => {
        const drawn = {
          x: Math.round(MARKER + across * (stored.width - 2 * MARKER)),
          y: Math.round(MARKER + down * (stored.height - 2 * MARKER)),
        };
        const bytes = await marked(stored.width, stored.height, drawn, MARKER)
          .withMetadata({ orientation })
          .png()
          .toBuffer();
        const upright = await sharp(bytes).autoOrient().png().toBuffer();
        const { width, height } = await sharp(upright).metadata();
        const image =
          means === 'stored'
            ? recordOf(drawn, stored, cocoScale)
            : recordOf(await redCentre(upright), { width, height }, cocoScale);

        const prepared = await preprocessImage(bytes, { imageMaxSide });
        if ('reason' in prepared) throw new Error(prepared.message);
        const result: PreprocessedImage = {
          ...{ status: 'preprocessed', path: 'a.png', key: 'k', sourceSha256: '', bytes: 1 },
          ...{ stored: prepared.stored, orientation: prepared.orientation },
          ...{ output: prepared.output, untouched: prepared.untouched },
        };
        // Sides that EXIF swaps tell the reading; the others are told by the setting.
        const told = orientation >= 5 && stored.width !== stored.height;
        const reading = boxReadings([{ image, result }], told ? 'auto' : means)({ image, result });
        expect(reading).toBe(means);

        const [source] = image.boxes;
        const moved = source && moveBox(source, image, result, reading, 1);
        if (!moved || !('box' in moved)) throw new Error('The box was dropped.');
        const seen = await redCentre(prepared.body);
        const { left, top, width: w, height: h } = moved.box;
        expect(Math.abs(left + w / 2 - seen.x)).toBeLessThan(1);
        expect(Math.abs(top + h / 2 - seen.y)).toBeLessThan(1);
      },
    ),
    { numRuns: 60 },
  );
});
