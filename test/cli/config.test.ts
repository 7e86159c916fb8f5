import { describe, expect, it } from '@jest/globals';
import { readSettings, SETTINGS, UsageError } from '../../src/config.js';

describe('readSettings', () => {
  it('has the defaults of the system that Curator replaces', () => {
    const { dataset, run } = readSettings({}, {});
    expect(dataset).toMatchObject({
      valSplit: 0.1,
      enableBalance: true,
      perClassCap: 90,
      minClassImages: 40,
      minBoxPx: 6,
      maxBoxPerImage: 50,
      imageMaxSide: 1280,
    });
    expect(run).toMatchObject({
      waitPreprocReadySecs: 600,
      requireApproval: 'auto',
      trainingTimeoutSecs: 86_400,
    });
  });

  it('takes a flag before a variable, and a variable before the default', () => {
    const env = { VAL_SPLIT: '0.2', MIN_BOX_PX: '9', ENABLE_BALANCE: 'FALSE' };
    const { dataset } = readSettings({ valSplit: '0.25' }, env);
    expect(dataset).toMatchObject({ valSplit: 0.25, minBoxPx: 9, enableBalance: false });
  });

  it.each([
    ['90s', 90],
    ['45m', 2700],
    ['1.5h', 5400],
    ['30', 30],
  ])('reads the time %s', (text, seconds) => {
    expect(readSettings({}, { TRAINING_TIMEOUT: text }).run.trainingTimeoutSecs).toBe(seconds);
  });

  it.each([
    ['VAL_SPLIT', '1', 'below 1'],
    ['VAL_SPLIT', 'ten', 'a number'],
    ['MAX_BOX_PER_IMAGE', '51', 'at most 50'],
    ['IMAGE_MAX_SIDE', '63', '64 or more'],
    ['MIN_CLASS_IMAGES', '1.5', 'whole number'],
    ['ENABLE_BALANCE', 'perhaps', 'true or false'],
    ['KEEP_CROWD', 'some', 'true or false'],
    ['TRAINING_TIMEOUT', 'soon', '24h'],
    ['EXIF_BOXES', 'sideways', 'auto, turned or stored'],
  ])('refuses %s=%s and says why', (variable, text, why) => {
    const message = mistake(() => readSettings({}, { [variable]: text }));
    expect(message).toContain(`${variable}=${text}`);
    expect(message).toContain(why);
  });

  it('reports all mistakes together, each by the name that it was given under', () => {
    const message = mistake(() => readSettings({ valSplit: '2' }, { SEED: 'x', PREPROCESS: 'maybe' }));
    expect(message.split('\n')).toEqual([
      expect.stringContaining('--val-split=2'),
      expect.stringContaining('SEED=x'),
      expect.stringContaining('PREPROCESS=maybe'),
    ]);
  });

  it('refuses a cap below the minimum, which would leave no class', () => {
    expect(mistake(() => readSettings({}, { PER_CLASS_CAP: '30' }))).toContain(
      'PER_CLASS_CAP=30 is below MIN_CLASS_IMAGES=40',
    );
    expect(readSettings({}, { PER_CLASS_CAP: '30', ENABLE_BALANCE: 'false' }).dataset.perClassCap).toBe(30);
  });

  it('names no variable and no flag twice', () => {
    const all = Object.values(SETTINGS);
    expect(new Set(all.map(({ variable }) => variable)).size).toBe(all.length);
    expect(new Set(all.map(({ flag }) => flag)).size).toBe(all.length);
  });
});

function mistake(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return error instanceof UsageError ? error.message : '';
  }
  throw new Error('Nothing was refused.');
}
