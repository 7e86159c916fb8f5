import { describe, expect, it } from '@jest/globals';
import { applyGate } from '../../src/workflows/quality-gate.js';

const trained = (f1: number, interval: { low: number; high: number } | null = null) => ({
  evaluation: { f1, interval },
});
const unread = { evaluation: null, evaluationProblem: 's3://b/summary.json is not JSON.' };

describe('the MIN_F1 gate', () => {
  it.each([null, undefined])('passes any model where MIN_F1 is %s', (minF1) => {
    expect(applyGate(minF1, trained(0))).toEqual({ passed: true, message: 'is trained and evaluated.' });
  });

  it('passes a model whose F1 equals MIN_F1', () => {
    expect(applyGate(0.5, trained(0.5))).toMatchObject({ passed: true });
    expect(applyGate(0, trained(0))).toMatchObject({ passed: true });
  });

  it('says how far a model is below MIN_F1, without doubt where the interval lies below it', () => {
    expect(applyGate(0.5, trained(0.343, { low: 0.28, high: 0.41 }))).toEqual({
      passed: false,
      message:
        'is trained and evaluated. Its F1 of 0.343 (95 % interval 0.280 to 0.410) is below MIN_F1=0.5.',
    });
  });

  it.each([
    [0.45, false],
    [0.52, true],
  ])('says that MIN_F1 lies inside the interval, for an F1 of %d', (f1, passed) => {
    const result = applyGate(0.5, trained(f1, { low: 0.4, high: 0.6 }));
    expect(result.passed).toBe(passed);
    expect(result.message).toContain('The threshold lies inside the 95 % interval');
  });

  it('expresses no doubt where there is no interval', () => {
    const { message } = applyGate(0.5, trained(0.4));
    expect(message).toBe('is trained and evaluated. Its F1 of 0.400 is below MIN_F1=0.5.');
  });

  it('passes a model whose evaluation could not be read where no gate is set, and says why', () => {
    expect(applyGate(null, unread)).toEqual({
      passed: true,
      message: 'is trained, but its evaluation could not be read: s3://b/summary.json is not JSON.',
    });
  });

  it('does not pass a model whose evaluation could not be read where MIN_F1 is set', () => {
    const { passed, message } = applyGate(0.5, unread);
    expect(passed).toBe(false);
    expect(message).toContain('MIN_F1=0.5 could not be checked.');
  });
});
