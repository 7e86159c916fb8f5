import { describe, expect, it } from '@jest/globals';
import { floorOfShare } from '../../src/lib/ratio.js';

describe('floorOfShare', () => {
  it.each([
    [889, 0.1, 88],
    [100, 0.29, 29],
    [1000, 0.001, 1],
    [999, 0.001, 0],
    [10, 0.7, 7],
    [300, 0.07, 21],
    [9, 1, 9],
    [9, 0, 0],
    [10_000_000, 1e-7, 1],
    [3, 0.333333333333, 0],
  ])('floorOfShare(%i, %f) is %i', (n, share, expected) => {
    expect(floorOfShare(n, share)).toBe(expected);
  });

  it('floorOfShare agrees with integer arithmetic for every percentage', () => {
    for (let percent = 1; percent < 100; percent += 1) {
      for (const n of [1, 7, 100, 889, 1130]) {
        expect(floorOfShare(n, percent / 100)).toBe(Math.floor((n * percent) / 100));
      }
    }
  });
});
