import { describe, expect, it } from '@jest/globals';
import { chanceF1, fitPriorDetector } from '../../src/evaluation/chance.js';

const size = { width: 128, height: 256 };
const at = (left: number, label = 'a') => ({ label, left, top: 32, width: 16, height: 64 });

describe('the prior detector', () => {
  it('puts the median box of a class on every image, as sure as the class is frequent', () => {
    const detector = fitPriorDetector([
      { size, boxes: [at(0)] },
      { size, boxes: [at(32)] },
      { size, boxes: [at(96)] },
      { size, boxes: [at(64, 'b')] },
    ]);
    expect(detector.detect(size)).toEqual([
      { label: 'a', confidence: 3 / 4, left: 32, top: 32, width: 16, height: 64 },
      { label: 'b', confidence: 1 / 4, left: 64, top: 32, width: 16, height: 64 },
    ]);
  });

  it('carries the box over to an image of another size by its shares of the sides', () => {
    const [found] = fitPriorDetector([{ size, boxes: [at(32)] }]).detect({ width: 1280, height: 128 });
    expect(found).toMatchObject({ left: 320, top: 16, width: 160, height: 32 });
  });

  it('takes the mean of the two middle boxes of an even number', () => {
    const [found] = fitPriorDetector([{ size, boxes: [at(10), at(20)] }]).detect(size);
    expect(found?.left).toBeCloseTo(15, 12);
  });

  it('counts an image with two boxes of a class once', () => {
    const pictures = [
      { size, boxes: [at(0), at(10)] },
      { size, boxes: [at(0, 'b')] },
    ];
    const confidences = fitPriorDetector(pictures)
      .detect(size)
      .map(({ confidence }) => confidence);
    expect(confidences).toEqual([0.5, 0.5]);
  });
});

describe('chance', () => {
  it('is what the prior detector scores, as a mean over the labels', () => {
    const train = [{ size, boxes: [at(32), at(64, 'b')] }];
    // Every a lies where the median is; no b does.
    const test = [{ size, boxes: [at(32), at(0, 'b')] }];
    expect(chanceF1(train, test, ['a', 'b'])).toBeCloseTo(0.5, 12);
    expect(chanceF1(train, test, ['a'])).toBeCloseTo(1, 12);
    expect(chanceF1(train, test, ['b'])).toBe(0);
  });

  it('is zero, not undefined, without anything', () => {
    expect(chanceF1([], [], [])).toBe(0);
  });
});
