import { describe, expect, it } from '@jest/globals';
import { judge } from '../../src/workflows/quality-gate.js';

const figure = (f1: number, low: number, high: number) => ({ f1, interval: { low, high } });

describe('the MIN_F1 gate', () => {
  it.each([null, undefined])('lets any model through where it is %s', (gate) => {
    expect(judge(gate, { f1: 0 })).toEqual({ passed: true, message: '' });
  });

  it('lets a model through that is as good as asked for', () => {
    expect(judge(0.5, { f1: 0.5 })).toMatchObject({ passed: true });
    expect(judge(0, { f1: 0 })).toMatchObject({ passed: true });
  });

  it('says by how much a model fails, and nothing of doubt where there is none', () => {
    expect(judge(0.5, figure(0.343, 0.28, 0.41))).toEqual({
      passed: false,
      message: 'Its F1 of 0.343 (95 % interval 0.280 to 0.410) is below MIN_F1=0.5.',
    });
  });

  it.each([
    [0.45, false],
    [0.52, true],
  ])('says that the interval contains the gate, at an F1 of %d', (f1, passed) => {
    const verdict = judge(0.5, figure(f1, 0.4, 0.6));
    expect(verdict.passed).toBe(passed);
    expect(verdict.message).toContain('The interval contains the gate');
  });

  it('can say nothing of doubt without an interval', () => {
    expect(judge(0.5, { f1: 0.4, interval: null }).message).toBe('Its F1 of 0.400 is below MIN_F1=0.5.');
  });
});
