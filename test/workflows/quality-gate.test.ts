import { describe, expect, it } from '@jest/globals';
import { applyGate } from '../../src/workflows/quality-gate.js';

const trained = (f1: number, interval: { low: number; high: number } | null = null) => ({
  evaluation: { f1, interval },
});
const unread = { evaluation: null, evaluationProblem: 's3://b/summary.json is not JSON.' };

describe('quality gate', () => {
  it.each([null, undefined])('passes every model if MIN_F1 is %s', (minF1) => {
    expect(applyGate(minF1, trained(0))).toEqual({ passed: true, message: 'is trained and evaluated.' });
  });

  it('passes a model whose F1 equals MIN_F1', () => {
    expect(applyGate(0.5, trained(0.5))).toMatchObject({ passed: true });
    expect(applyGate(0, trained(0))).toMatchObject({ passed: true });
  });

  it('reports F1, interval and threshold of a model whose interval lies below MIN_F1', () => {
    expect(applyGate(0.5, trained(0.343, { low: 0.28, high: 0.41 }))).toEqual({
      passed: false,
      message:
        'is trained and evaluated. Its F1 of 0.343 (95 % interval 0.280 to 0.410) is below MIN_F1=0.5.',
    });
  });

  it.each([
    [0.45, false],
    [0.52, true],
  ])('reports that the threshold lies inside the interval if F1 is %d', (f1, passed) => {
    const result = applyGate(0.5, trained(f1, { low: 0.4, high: 0.6 }));
    expect(result.passed).toBe(passed);
    expect(result.message).toContain('The threshold lies inside the 95 % interval');
  });

  it('reports no uncertainty without an interval', () => {
    const { message } = applyGate(0.5, trained(0.4));
    expect(message).toBe('is trained and evaluated. Its F1 of 0.400 is below MIN_F1=0.5.');
  });

  it('passes a model with an unreadable evaluation if MIN_F1 is not set, and reports the cause', () => {
    expect(applyGate(null, unread)).toEqual({
      passed: true,
      message: 'is trained, but its evaluation could not be read: s3://b/summary.json is not JSON.',
    });
  });

  it('fails a model with an unreadable evaluation if MIN_F1 is set', () => {
    const { passed, message } = applyGate(0.5, unread);
    expect(passed).toBe(false);
    expect(message).toContain('MIN_F1=0.5 could not be checked.');
  });
});
