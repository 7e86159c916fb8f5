import { describe, expect, it } from '@jest/globals';
import { verdictText, weakestText } from '../../src/evaluation/verdict-text.js';

const counts = { found: 25, missed: 27, falseAlarms: 137 };
const figures = { f1: 0.374, interval: { low: 0.26, high: 0.49 }, chance: 0.18, testBoxes: 52 };

describe('verdictText', () => {
  it('names the errors of a model that is too poor to use', () => {
    expect(verdictText(figures, counts)).toBe(
      'Above chance (0.37 against 0.18), but too poor to use: 164 errors for 25 objects found (27 missed, 137 false alarms).',
    );
  });

  it('compares F1 and chance with more digits if two do not tell them apart', () => {
    const low = { f1: 0.0041, interval: { low: 0.0005, high: 0.015 }, chance: 0.0004, testBoxes: 72 };
    expect(verdictText(low, counts)).toMatch(
      /^Above chance \(0\.0041 against 0\.0004\), but too poor to use/,
    );
  });

  it('names the interval of a model that is no better than chance', () => {
    expect(verdictText({ ...figures, chance: 0.3 }, counts)).toBe(
      'No better than chance (0.37 against 0.30, 95 % interval 0.26 to 0.49). Do not use this model.',
    );
  });

  it('says what the F1 means if there are no predictions to count', () => {
    expect(verdictText({ ...figures, f1: 0.85, chance: null }, null)).toBe(
      'F1 0.85, and good: at most one error for two objects found, as a mean over the classes.',
    );
  });

  it('does not judge a model by a few boxes', () => {
    expect(verdictText({ ...figures, testBoxes: 1 }, counts)).toBe(
      'Too few objects to judge: the test images have 1 labelled object, at least 10 are needed.',
    );
  });

  it('recommends a check of the results of a fair model', () => {
    expect(verdictText({ ...figures, f1: 0.6 }, { found: 6, missed: 1, falseAlarms: 0 })).toBe(
      'Above chance (0.60 against 0.18). Usable if a person checks the results: 1 error for 6 objects found (1 missed, 0 false alarms).',
    );
  });
});

describe('weakestText', () => {
  const papule = { label: 'papule', objects: 9, found: 5, missed: 4, falseAlarms: 110 };

  it('names the more frequent error of the weakest class, and how few boxes it was tested on', () => {
    expect(weakestText(papule)).toBe(
      'Weakest class: papule, 110 false alarms, but only 9 objects to test it on.',
    );
    expect(weakestText({ ...papule, objects: 40, missed: 35, falseAlarms: 2 })).toBe(
      'Weakest class: papule, 35 of 40 objects missed.',
    );
  });
});
