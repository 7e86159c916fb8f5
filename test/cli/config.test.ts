import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readSettings } from '../../src/config/read-settings.js';
import { configJsonSchema, SETTINGS } from '../../src/config/settings.js';
import { UsageError } from '../../src/lib/usage-error.js';
import { cli } from '../support/cli.js';

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
    expect(mistake(() => readSettings({ perClassCap: '30' }, { MIN_CLASS_IMAGES: '50' }))).toContain(
      '--per-class-cap=30 is below MIN_CLASS_IMAGES=50',
    );
    expect(mistake(() => readSettings({ perClassCap: '30' }, {}))).toContain(
      '--per-class-cap=30 is below --min-class-images=40',
    );
    expect(readSettings({}, { PER_CLASS_CAP: '30', ENABLE_BALANCE: 'false' }).dataset.perClassCap).toBe(30);
  });

  it('names no variable and no flag twice', () => {
    const all = Object.values(SETTINGS);
    expect(new Set(all.map(({ variable }) => variable)).size).toBe(all.length);
    expect(new Set(all.map(({ flag }) => flag)).size).toBe(all.length);
  });
});

describe('curator.config.json', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'curator-config-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const envWith = (content: unknown) => {
    const path = join(folder, 'team.json');
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return { CURATOR_CONFIG: path };
  };

  it('goes before the default, after variables and flags, and says so', () => {
    const env = { ...envWith({ valSplit: 0.3, seed: 7, minBoxPx: 9 }), SEED: '8' };
    const { dataset, sources } = readSettings({ minBoxPx: '5' }, env);
    expect(dataset).toMatchObject({ valSplit: 0.3, seed: 8, minBoxPx: 5, perClassCap: 90 });
    expect(sources).toMatchObject({
      valSplit: env.CURATOR_CONFIG,
      seed: 'SEED',
      minBoxPx: '--min-box-px',
      perClassCap: 'default',
    });
  });

  it('has its mistakes reported together with those of variables', () => {
    const env = { ...envWith({ valSplit: 3, colour: 'blue' }), SEED: 'x' };
    const message = mistake(() => readSettings({}, env));
    expect(message).toMatch(/team\.json: valSplit: must be below 1/);
    expect(message).toMatch(/team\.json: .*colour/);
    expect(message).toContain('SEED=x');
  });

  it('is refused where it is not JSON, or not there though it was named', () => {
    expect(mistake(() => readSettings({}, envWith('{')))).toContain('team.json is not JSON');
    expect(mistake(() => readSettings({}, { CURATOR_CONFIG: join(folder, 'none.json') }))).toContain(
      "none.json can't be read",
    );
  });

  it('has the schema that is published (npm run schemas writes it)', () => {
    const published = readFileSync(new URL('../../docs/curator.config.schema.json', import.meta.url), 'utf8');
    expect(JSON.parse(published)).toEqual(configJsonSchema());
  });

  it('is printed by curator config setting by setting, with where each came from', async () => {
    const env = { ...envWith({ valSplit: 0.3 }), SEED: '8' };
    const { code, stdout } = await cli(['config', '--min-f1', '0.5', '--json'], env);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      valSplit: { variable: 'VAL_SPLIT', value: 0.3, source: env.CURATOR_CONFIG },
      seed: { value: 8, source: 'SEED' },
      minF1: { value: 0.5, source: '--min-f1' },
      trainingTimeoutSecs: { variable: 'TRAINING_TIMEOUT', value: 86_400, source: 'default' },
    });
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
