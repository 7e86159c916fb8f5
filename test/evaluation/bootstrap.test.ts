import { describe, expect, it } from '@jest/globals';
import { f1GainIntervals, f1Intervals, type SampledImage } from '../../src/evaluation/bootstrap.js';

const box = { label: 'a', left: 0, top: 0, width: 10, height: 10 };
const hit = (photo: string): SampledImage => ({
  photo,
  truth: [box],
  detections: [{ ...box, confidence: 0.9 }],
});
const miss = (photo: string): SampledImage => ({ photo, truth: [box], detections: [] });
const names = Array.from({ length: 20 }, (_, n) => `photo${n}`);
const A = new Map([['a', 0.5]]);
const width = (images: readonly SampledImage[]) => {
  const { low = 0, high = 0 } = f1Intervals(images, A).overall ?? {};
  return high - low;
};

describe('the bootstrap interval of F1', () => {
  it('the bootstrap interval of F1 has width 0 if every photo has the same result', () => {
    expect(f1Intervals(names.map(hit), A).overall).toEqual({ low: 1, high: 1 });
    expect(f1Intervals(names.map(miss), A).overall).toEqual({ low: 0, high: 0 });
  });

  it('contains the F1 of all images and narrows with more photos', () => {
    const half = (count: number) =>
      Array.from({ length: count }, (_, n) => (n % 2 ? hit(`p${n}`) : miss(`p${n}`)));
    const { low = 1, high = 0 } = f1Intervals(half(20), A).overall ?? {};
    // Half of n objects are found, without false positives: F1 = 2 * n/2 / (n/2 + n).
    expect(low).toBeLessThan(2 / 3);
    expect(high).toBeGreaterThan(2 / 3);
    expect(width(half(200))).toBeLessThan(0.5 * width(half(20)));
  });

  it('the bootstrap interval of F1 has the ends that the binomial distribution predicts', () => {
    // 20 photos of which 10 are hits: the number of hits drawn is binomial(20, 1/2), whose 2.5 and 97.5 % points are 6 and 14.
    const images = names.map((name, n) => (n < 10 ? hit(name) : miss(name)));
    const f1 = (hits: number) => (2 * hits) / (hits + 20);
    const { low, high } = f1Intervals(images, A).overall ?? {};
    expect([f1(5), f1(6), f1(7)]).toContain(low);
    expect([f1(13), f1(14), f1(15)]).toContain(high);
  });

  it('does not narrow with copies, which are drawn together with their photo', () => {
    const half = names.map((name, n) => (n % 2 ? hit(name) : miss(name)));
    const copied = [...half, ...half, ...half, ...half];
    expect(width(copied)).toBeCloseTo(width(half), 12);
    const apart = copied.map((image, n) => ({ ...image, photo: `${image.photo}-${n}` }));
    expect(width(apart)).toBeLessThan(0.7 * width(half));
  });

  it('counts only detections at or above the threshold', () => {
    const images = names.map((name) => hit(name));
    expect(f1Intervals(images, new Map([['a', 0.9]])).overall).toEqual({ low: 1, high: 1 });
    expect(f1Intervals(images, new Map([['a', 0.91]])).overall).toEqual({ low: 0, high: 0 });
  });

  it('the bootstrap interval of F1 is null without photos and for a label without objects', () => {
    expect(f1Intervals([], A)).toEqual({ overall: null, labels: new Map([['a', null]]) });
    const { labels } = f1Intervals(names.map(hit), new Map([...A, ['never', 0.5]]));
    expect(labels.get('never')).toBeNull();
    expect(labels.get('a')).toEqual({ low: 1, high: 1 });
  });

  it('the bootstrap interval of F1 is the same each time for the same detections', () => {
    const images = names.map((name, n) => (n % 3 ? hit(name) : miss(name)));
    expect(f1Intervals(images, A)).toEqual(f1Intervals(images, A));
  });
});

describe('the interval of what F1 gained between two models', () => {
  const tested = (hits: number) => ({
    images: names.map((name, n) => (n < hits ? hit(name) : miss(name))),
    thresholds: A,
  });

  it('is above 0 if the second model finds what the first finds and more', () => {
    const gain = f1GainIntervals(tested(4), tested(14)).get('a');
    expect(gain?.low).toBeGreaterThan(0);
    // F1 is 1/3 with 4 of 20 objects, and 14/17 with 14 of them.
    expect(gain?.low).toBeLessThan(14 / 17 - 1 / 3);
    expect(gain?.high).toBeGreaterThan(14 / 17 - 1 / 3);
  });

  it('is 0 for the same detections, because both get the same resamplings', () => {
    expect(f1GainIntervals(tested(9), tested(9)).get('a')).toEqual({ low: 0, high: 0 });
  });

  it('is unknown for a label without objects', () => {
    const nothing = { images: names.map(hit), thresholds: new Map([['b', 0.5]]) };
    expect(f1GainIntervals(nothing, nothing).get('b')).toBeNull();
  });
});
