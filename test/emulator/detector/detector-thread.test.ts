import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DetectorThread } from '../../../src/emulator/detector/index.js';
import type { Picture } from '../../../src/emulator/detector/picture.js';
import { SlidingWindowDetector } from '../../../src/emulator/detector/sliding-windows.js';
import { paintedPictures } from '../../support/painted.js';

const train = paintedPictures(6, 1);
let pictures: Picture[];
let detector: DetectorThread;

beforeAll(async () => {
  pictures = await Promise.all(paintedPictures(3, 2).map(({ read }) => read()));
  detector = await DetectorThread.fit({
    pictures: train.map(({ size, boxes }) => ({ size, boxes })),
    seed: 0,
    read: (index) => train[index]?.read() ?? Promise.reject(new Error('no such picture')),
    signal: new AbortController().signal,
  });
});

afterAll(async () => {
  await detector.close();
});

describe('the thread of a detector', () => {
  it('returns the detections of each picture in the order of the calls', async () => {
    const here = new SlidingWindowDetector(detector.fitted);
    const found = await Promise.all(pictures.map((picture) => detector.detect(picture)));
    expect(found).toEqual(pictures.map((picture) => here.detect(picture)));
  });

  it('lets this thread serve requests during a detection', async () => {
    let detecting = true;
    const detection = detector.detect(pictures[0] as Picture).finally(() => {
      detecting = false;
    });
    let turns = 0;
    while (detecting) {
      await new Promise((resolve) => setImmediate(resolve));
      turns += 1;
    }
    await detection;
    expect(turns).toBeGreaterThan(10);
  });

  it('leaves the picture of the caller unchanged', async () => {
    const [picture] = pictures as [Picture];
    const bytes = Uint8Array.from(picture.rgb);
    await detector.detect(picture);
    expect(Uint8Array.from(picture.rgb)).toEqual(bytes);
  });

  it('finishes the detections that have started before it ends', async () => {
    const again = DetectorThread.of(detector.fitted);
    const detection = again.detect(pictures[0] as Picture);
    await again.close();
    expect(await detection).toEqual(await detector.detect(pictures[0] as Picture));
    expect(again.hasEnded).toBe(true);
    await expect(again.detect(pictures[0] as Picture)).rejects.toThrow(
      'The thread of the detector exited unexpectedly',
    );
  });
});
