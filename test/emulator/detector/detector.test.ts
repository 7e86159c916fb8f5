import { beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { intersectionOverUnion } from '../../../src/dataset/model/rectangle.js';
import type { Detector } from '../../../src/emulator/detector/detector.js';
import { loadDetector, saveDetector } from '../../../src/emulator/detector/index.js';
import type { Picture } from '../../../src/emulator/detector/picture.js';
import { placeWindows } from '../../../src/emulator/detector/windows.js';
import { fitAndTest } from '../../../src/emulator/fit.js';
import { decodeRgb } from '../../../src/emulator/pictures.js';
import type { Detection } from '../../../src/evaluation/metrics.js';
import { paintedPictures, withDisc } from '../../support/painted.js';
import { chanceOf, f1Of, fitDetector, type TrainingPicture } from '../../support/training-set.js';

const train = paintedPictures(16, 1);
const test = paintedPictures(8, 2);

/** Replaces S3: reads a picture by its number. */
async function stored(pictures: readonly TrainingPicture[]) {
  const bodies = await Promise.all(
    pictures.map(async ({ read }) => {
      const { rgb, width, height } = await read();
      return await sharp(rgb, { raw: { width, height, channels: 3 } })
        .png()
        .toBuffer();
    }),
  );
  return { getBytes: async (_bucket: string, key: string) => bodies[Number(key)] ?? Buffer.alloc(0) };
}

const inManifest = (pictures: readonly TrainingPicture[], first: number) =>
  pictures.map(({ size, boxes }, index) => ({ size, boxes, sourceRef: `s3://bucket/${first + index}` }));

function isInside(detections: readonly Detection[], { width, height }: Picture): boolean {
  return detections.every(
    (one) =>
      [one.left, one.top, one.width, one.height].every(Number.isInteger) &&
      Math.min(one.left, one.top) >= 0 &&
      Math.min(one.width, one.height) >= 1 &&
      one.left + one.width <= width &&
      one.top + one.height <= height &&
      one.confidence > 0 &&
      one.confidence <= 1,
  );
}

let detector: Detector;

beforeAll(async () => {
  detector = await fitDetector(train);
});

describe('the detector', () => {
  it('finds objects on unseen pictures far above chance', async () => {
    expect(chanceOf({ train, test })).toBeLessThan(0.3);
    expect(await f1Of(detector, test)).toBeGreaterThan(0.85);
  });

  it('returns one confident detection per object', async () => {
    for (const { boxes, read } of test) {
      const sure = detector.detect(await read()).filter(({ confidence }) => confidence > 0.6);
      for (const box of boxes) {
        const on = sure.filter((one) => one.label === box.label && intersectionOverUnion(one, box) > 0.3);
        expect(on.length).toBeLessThanOrEqual(1);
      }
    }
  });

  it('the detector is byte-identical for the same pictures and seed, and differs for another seed', async () => {
    const bytes = saveDetector(detector);
    expect(saveDetector(await fitDetector(train)).equals(bytes)).toBe(true);
    expect(saveDetector(await fitDetector(train, 1)).equals(bytes)).toBe(false);
  });

  it('learns nothing from the testing images', async () => {
    const store = await stored([...train, ...test]);
    const trainImages = inManifest(train, 0);
    const testImages = inManifest(test, train.length);
    const { signal } = new AbortController();
    const one = await fitAndTest(store, trainImages, testImages.slice(0, 4), signal);
    const other = await fitAndTest(store, trainImages, testImages.slice(4), signal);
    expect(other.detector.equals(one.detector)).toBe(true);
    expect(one.detector.equals(saveDetector(detector))).toBe(true);
    expect(one.images.map(({ truth }) => truth)).toEqual(test.slice(0, 4).map(({ boxes }) => boxes));
  });

  it('detects the same objects after saving and loading', async () => {
    const again = loadDetector(saveDetector(detector));
    for (const { read } of test) expect(again.detect(await read())).toEqual(detector.detect(await read()));
  });

  it.each([
    { width: 128, height: 128 },
    { width: 400, height: 160 },
    { width: 90, height: 200 },
  ])('finds an object on a picture of $width x $height pixels', (size) => {
    const { picture, box } = withDisc(size, 0.3, 0.8);
    const found = detector.detect(picture);
    expect(found[0]?.label).toBe('disc');
    expect(found[0] && intersectionOverUnion(found[0], box)).toBeGreaterThan(0.5);
    expect(isInside(found, picture)).toBe(true);
  });

  it.each([
    [-0.08, 0.5],
    [1.08, 0.5],
    [0.5, -0.08],
    [0.5, 1.08],
  ])('keeps boxes inside the picture if an edge cuts the object at (%d, %d)', (across, down) => {
    const { picture } = withDisc({ width: 128, height: 128 }, across, down);
    const found = detector.detect(picture);
    expect(found[0]?.label).toBe('disc');
    expect(isInside(found, picture)).toBe(true);
  });

  it('detects on grey, transparent, narrow and small pictures', async () => {
    const painted = sharp(withDisc({ width: 128, height: 128 }, 0.5, 0.5).picture.rgb, {
      raw: { width: 128, height: 128, channels: 3 },
    });
    const grey = painted.clone().toColourspace('b-w');
    const narrow = sharp({ create: { width: 64, height: 1280, channels: 4, background: '#8888' } });
    for (const image of [
      grey.clone().jpeg(),
      grey.clone().png(),
      painted.resize(64, 64).png(),
      narrow.png(),
    ]) {
      const picture = await decodeRgb(sharp(await image.toBuffer()));
      expect(picture.rgb).toHaveLength(3 * picture.width * picture.height);
      expect(isInside(detector.detect(picture), picture)).toBe(true);
    }
  });

  it('limits the number of windows and covers every edge for tiny boxes', () => {
    const windows = placeWindows([{ width: 0.01, height: 0.01 }], { width: 192, height: 100 }, 12_000);
    expect(windows.length).toBeLessThanOrEqual(12_000);
    expect(windows.length).toBeGreaterThan(6_000);
    expect(Math.min(...windows.map(({ left }) => left))).toBe(0);
    expect(Math.max(...windows.map(({ left, width }) => left + width))).toBeCloseTo(192, 9);
    expect(Math.max(...windows.map(({ top, height }) => top + height))).toBeCloseTo(100, 9);
  });

  it('learns from a single picture', async () => {
    const [only] = train as [TrainingPicture, ...TrainingPicture[]];
    expect(await f1Of(await fitDetector([only]), [only])).toBe(1);
  });
});
