import { describe, expect, it } from '@jest/globals';
import { judgeModel } from '../../src/evaluation/verdict.js';

const figures = { f1: 0.7, interval: { low: 0.6, high: 0.8 }, chance: 0.1, testBoxes: 100 };

describe('the verdict on a model', () => {
  it.each([
    ['is good from an F1 of 0.8 on', { f1: 0.8 }, 'good'],
    ['asks for checking from an F1 of 0.5 on', { f1: 0.5 }, 'with-checking'],
    ['is too poor below an F1 of 0.5', { f1: 0.49 }, 'too-poor'],
    ['is no better than chance if the interval includes chance', { chance: 0.6 }, 'no-better-than-chance'],
    ['compares F1 itself with chance without an interval', { interval: null, chance: 0.65 }, 'with-checking'],
    ['does not need chance', { chance: null }, 'with-checking'],
    ['says nothing with fewer than 10 test objects', { testBoxes: 9 }, 'too-few-boxes'],
  ])('%s', (_, change, verdict) => {
    expect(judgeModel({ ...figures, ...change })).toBe(verdict);
  });
});
