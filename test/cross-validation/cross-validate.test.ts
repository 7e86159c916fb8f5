import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { crossValidate, FITS, type FitAndDetect } from '../../src/cross-validation/cross-validate.js';
import { doubtfulLabels } from '../../src/cross-validation/doubtful-labels.js';
import { learningCurve } from '../../src/cross-validation/learning-curve.js';
import type { VersionImage } from '../../src/dataset/model/version-images.js';

const BOX = { left: 10, top: 10, width: 20, height: 20 };
const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');
const SIZE = { width: 100, height: 100 };

/** Images of one class, one per photo unless `copies` says how many show the same photo. */
const imagesOf = (label: string, photos: number, copies = 1): VersionImage[] =>
  Array.from({ length: photos * copies }, (_, n) => ({
    ...{ path: `${label}${n}.jpg`, key: `p/${label}${n}.jpg`, split: 'train' as const },
    photo: hashOf(`${label}${n % photos}`),
    ...{ sourceSha256: hashOf(`${label}${n}`), ...SIZE, boxes: [{ label, ...BOX }] },
  }));

/** Finds an object of a class if it was fitted on at least `needed` photos of it. */
const learnerOf =
  (needed: Readonly<Record<string, number>>): FitAndDetect =>
  async (train, test) =>
    test.map(({ boxes, photo }) =>
      boxes.flatMap((box) => {
        const known = new Set(
          train
            .filter((image) => image.boxes.some(({ label }) => label === box.label))
            .map((one) => one.photo),
        );
        // Some photos are harder than others, so that photos differ.
        const hard = Number.parseInt(photo.slice(0, 2), 16) / 128;
        return known.size >= (needed[box.label] ?? 0) * hard ? [{ ...box, confidence: 0.9 }] : [];
      }),
    );

describe('cross-validation', () => {
  it('tests each image once per share, never on a photo that the detector was fitted on', async () => {
    const images = [...imagesOf('cat', 12, 3), ...imagesOf('dog', 5)];
    const seen: { train: readonly VersionImage[]; test: readonly VersionImage[] }[] = [];
    const done: number[] = [];
    const tested = await crossValidate(
      images,
      async (train, test) => {
        seen.push({ train, test });
        return test.map(() => []);
      },
      (count) => done.push(count),
    );
    for (const { train, test } of seen) {
      const known = new Set(train.map(({ photo }) => photo));
      expect(test.filter(({ photo }) => known.has(photo))).toEqual([]);
    }
    for (const share of tested) {
      expect(new Set(share.images.map(({ key }) => key))).toEqual(new Set(images.map(({ key }) => key)));
      expect(share.images).toHaveLength(images.length);
    }
    expect(done).toEqual(Array.from({ length: FITS }, (_, n) => n + 1));
  });

  it('fits on more photos of every class, rare ones too, with a larger share', async () => {
    const [quarter, half, all] = await crossValidate(
      [...imagesOf('cat', 60), ...imagesOf('dog', 6)],
      learnerOf({}),
    );
    const photosOf = (label: string) => [quarter, half, all].map((share) => share?.photos.get(label));
    expect(photosOf('cat')).toEqual([10, 20, 40]);
    expect(photosOf('dog')).toEqual([1, 2, 4]);
  });

  it('does not depend on the order of the images', async () => {
    const images = [...imagesOf('cat', 20, 2), ...imagesOf('dog', 10)];
    const learner = learnerOf({ cat: 20, dog: 5 });
    const curve = learningCurve(await crossValidate(images, learner));
    expect(learningCurve(await crossValidate([...images].reverse(), learner))).toEqual(curve);
  });

  it('shows which class gains from more photos and which does not', async () => {
    const tested = await crossValidate(
      [...imagesOf('hungry', 60), ...imagesOf('sated', 60)],
      learnerOf({ hungry: 40, sated: 5 }),
    );
    const [hungry, sated] = learningCurve(tested);
    expect(hungry).toMatchObject({ label: 'hungry', objects: 60 });
    expect(hungry?.points.map(({ share, photos }) => [share, photos])).toEqual([
      [0.25, 10],
      [0.5, 20],
      [1, 40],
    ]);
    expect(hungry?.gain?.low).toBeGreaterThan(0);
    expect(sated?.points.at(-1)?.f1).toBe(1);
    expect(sated?.gain).toEqual({ low: 0, high: 0 });
  });

  it('lists a label that detectors of the other photos contradict', async () => {
    const images = imagesOf('cat', 30);
    const [first, ...others] = images;
    const wrong = { ...first, boxes: [{ label: 'dog', ...BOX }] } as VersionImage;
    const seesCats: FitAndDetect = async (_, test) =>
      test.map(() => [{ label: 'cat', ...BOX, confidence: 0.9 }]);
    const tested = await crossValidate([wrong, ...others, ...imagesOf('dog', 5)], seesCats);
    expect(doubtfulLabels(tested)).toContainEqual(
      expect.objectContaining({
        path: 'cat0.jpg',
        reason: 'class-contradicted',
        labelled: 'dog',
        detected: 'cat',
      }),
    );
  });
});
