import { describe, expect, it } from '@jest/globals';
import { intersectionOverUnion } from '../../src/dataset/model/rectangle.js';
import type { Box } from '../../src/dataset/model/types.js';
import { type Detection, evaluateLabel, matchImage, overallOf } from '../../src/evaluation/metrics.js';

const box = (left: number, top = 0, label = 'a'): Box => ({ label, left, top, width: 10, height: 10 });
const seen = (confidence: number, left: number, top = 0, label = 'a'): Detection => ({
  ...box(left, top, label),
  confidence,
});

describe('intersection over union', () => {
  it.each([
    ['the same box', box(0), box(0), 1],
    ['half of each', box(0), box(5), 50 / 150],
    ['a quarter of each', box(0), box(5, 5), 25 / 175],
    ['boxes that touch', box(0), box(10), 0],
    ['boxes apart', box(0), box(50, 50), 0],
    ['a box in a larger one', box(0), { label: 'a', left: 0, top: 0, width: 20, height: 10 }, 0.5],
  ])('of %s', (_, a, b, expected) => {
    expect(intersectionOverUnion(a, b)).toBeCloseTo(expected, 12);
    expect(intersectionOverUnion(b, a)).toBeCloseTo(expected, 12);
  });
});

describe('matching detections with objects', () => {
  it('accepts an IoU of exactly 0.5 and rejects less', () => {
    const half = { label: 'a', left: 0, top: 0, width: 20, height: 10, confidence: 0.5 };
    const less = { label: 'a', left: 0, top: 0, width: 21, height: 10, confidence: 0.5 };
    expect(matchImage([box(0)], [half])).toEqual([{ detection: half, object: box(0) }]);
    expect(matchImage([box(0)], [less])).toEqual([{ detection: less, object: null }]);
  });

  it('matches an object once, with the most confident detection', () => {
    expect(matchImage([box(0)], [seen(0.6, 0), seen(0.9, 1)])).toEqual([
      { detection: seen(0.9, 1), object: box(0) },
      { detection: seen(0.6, 0), object: null },
    ]);
  });

  it('matches a detection with the object of highest IoU and leaves other objects to later detections', () => {
    // The most confident detection has an IoU of 9/11 with the second object and of 7/13 with the first.
    const result = matchImage([box(0), box(4)], [seen(0.9, 3), seen(0.5, 0)]);
    expect(result.map(({ object }) => object)).toEqual([box(4), box(0)]);
  });
});

describe('metrics of one class', () => {
  it('metrics of one class are 1 if every object is found without false positives', () => {
    const images = [
      { truth: [box(0)], detections: [seen(0.9, 0)] },
      { truth: [box(50)], detections: [seen(0.4, 50)] },
    ];
    expect(evaluateLabel('a', images)).toEqual({
      label: 'a',
      testImages: 2,
      f1: 1,
      precision: 1,
      recall: 1,
      threshold: 0.4,
      averagePrecision: 1,
      averageRecall: 1,
    });
  });

  it('metrics of one class are measured at the threshold with the best F1', () => {
    // Sorted by falling confidence: correct, wrong, correct, wrong; four objects.
    // Points (precision, recall): (1, 1/4), (1/2, 1/4), (2/3, 1/2), (1/2, 1/2); F1: 2/5, 1/3, 4/7, 1/2.
    const images = [
      { truth: [box(0), box(50)], detections: [seen(0.9, 0), seen(0.8, 200)] },
      { truth: [box(0), box(50)], detections: [seen(0.7, 50), seen(0.6, 200)] },
    ];
    const metrics = evaluateLabel('a', images);
    expect(metrics.f1).toBeCloseTo(4 / 7, 12);
    expect(metrics.precision).toBeCloseTo(2 / 3, 12);
    expect(metrics.recall).toBeCloseTo(1 / 2, 12);
    expect(metrics.threshold).toBe(0.7);
    // Precision made monotonic: 1 up to recall 1/4, then 2/3 up to 1/2.
    expect(metrics.averagePrecision).toBeCloseTo(1 / 4 + (2 / 3) * (1 / 4), 12);
    expect(metrics.averageRecall).toBeCloseTo(1 / 2, 12);
  });

  it('metrics of one class count detections with equal confidence together', () => {
    const images = [
      { truth: [box(0)], detections: [seen(0.5, 0)] },
      { truth: [], detections: [seen(0.5, 0)] },
    ];
    expect(evaluateLabel('a', images)).toMatchObject({ precision: 0.5, recall: 1, threshold: 0.5 });
  });

  it('metrics of one class ignore detections on objects of other classes', () => {
    const images = [{ truth: [box(0, 0, 'b')], detections: [seen(0.9, 0)] }];
    expect(evaluateLabel('a', images)).toMatchObject({ testImages: 0, f1: 0, precision: 0, recall: 0 });
    expect(evaluateLabel('b', images)).toMatchObject({ testImages: 1, f1: 0, precision: 0, recall: 0 });
  });

  it('metrics of one class are 0 without images', () => {
    expect(Object.values(evaluateLabel('a', []))).not.toContain(Number.NaN);
  });
});

describe('the average precision of a perfect model', () => {
  it.each([3, 6, 7, 9, 11, 49])(
    'the average precision of a perfect model is 1 and never above, for %d objects of different confidences',
    (objects) => {
      const images = Array.from({ length: objects }, (_, index) => ({
        truth: [box(0)],
        detections: [seen(1 - index / 100, 0)],
      }));
      const label = evaluateLabel('a', images);
      expect(label.averagePrecision).toBeLessThanOrEqual(1);
      expect(label.averagePrecision).toBeCloseTo(1, 9);
      expect(overallOf([label, label, label]).averagePrecision).toBeLessThanOrEqual(1);
    },
  );
});
