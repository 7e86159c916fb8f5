import { describe, expect, it } from '@jest/globals';
import { chanceF1, fitPriorDetector } from '../../src/evaluation/chance.js';

const size = { width: 128, height: 256 };
const at = (left: number, label = 'a') => ({ label, left, top: 32, width: 16, height: 64 });

describe('the prior detector', () => {
  it('predicts the median box of each class with the frequency of the class as confidence', () => {
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

  it('scales the box with the size of the image', () => {
    const [found] = fitPriorDetector([{ size, boxes: [at(32)] }]).detect({ width: 1280, height: 128 });
    expect(found).toMatchObject({ left: 320, top: 16, width: 160, height: 32 });
  });

  it('uses the mean of the two middle boxes if their number is even', () => {
    const [found] = fitPriorDetector([{ size, boxes: [at(10), at(20)] }]).detect(size);
    expect(found?.left).toBeCloseTo(15, 12);
  });

  it('counts an image with two boxes of one class once', () => {
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

describe('the chance level of F1', () => {
  it('the chance level of F1 is the mean F1 of the prior detector over the labels', () => {
    const train = [{ size, boxes: [at(32), at(64, 'b')] }];
    // All boxes of a are at the median position, no box of b is.
    const test = [{ size, boxes: [at(32), at(0, 'b')] }];
    expect(chanceF1(train, test, ['a', 'b'])).toBeCloseTo(0.5, 12);
    expect(chanceF1(train, test, ['a'])).toBeCloseTo(1, 12);
    expect(chanceF1(train, test, ['b'])).toBe(0);
  });

  it('the chance level of F1 is 0 without images', () => {
    expect(chanceF1([], [], [])).toBe(0);
  });
});
