import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Command } from 'commander';
import { addSettings } from '../../src/cli/settings-options.js';
import { readSettings } from '../../src/config/read-settings.js';
import { configJsonSchema, SETTINGS } from '../../src/config/settings.js';
import { UsageError } from '../../src/lib/usage-error.js';
import { cli } from '../support/cli.js';

describe('readSettings', () => {
  it('readSettings returns the documented defaults', () => {
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

  it('readSettings prefers a flag to a variable and a variable to the default', () => {
    const env = { VAL_SPLIT: '0.2', MIN_BOX_PX: '9', ENABLE_BALANCE: 'FALSE' };
    const { dataset } = readSettings({ valSplit: '0.25' }, env);
    expect(dataset).toMatchObject({ valSplit: 0.25, minBoxPx: 9, enableBalance: false });
  });

  it.each([
    ['90s', 90],
    ['45m', 2700],
    ['1.5h', 5400],
    ['30', 30],
  ])('readSettings reads the duration %s as %d seconds', (text, seconds) => {
    expect(readSettings({}, { TRAINING_TIMEOUT: text }).run.trainingTimeoutSecs).toBe(seconds);
  });

  it.each([
    ['VAL_SPLIT', '1', 'above 0 and below 1'],
    ['VAL_SPLIT', '-1', 'above 0 and below 1'],
    ['VAL_SPLIT', 'ten', 'a number'],
    ['MAX_BOX_PER_IMAGE', '51', 'from 1 to 50, the maximum of Rekognition'],
    ['GROUP_BY', 'patient\\d+', 'the expression has no group'],
    ['GROUP_BY', '((a+)+', 'the expression has a "(" without a ")"'],
    ['MERGE_CLASSES', 'nodule,papule', 'write classes=new name, such as nodule,papule=lesion'],
    ['MERGE_CLASSES', 'nodule=lesion;nodule=scar', '"nodule" is named twice'],
    ['IMAGE_MAX_SIDE', '63', 'from 64 to 4096, the limits of Rekognition'],
    ['MIN_CLASS_IMAGES', '1.5', 'whole number'],
    ['ENABLE_BALANCE', 'perhaps', 'true or false'],
    ['KEEP_CROWD', 'some', 'true or false'],
    ['TRAINING_TIMEOUT', 'soon', '24h'],
    ['TILES', '5', 'from 1 to 4'],
    ['STRETCH_CONTRAST', 'on', 'off or auto'],
    ['EXIF_BOXES', 'sideways', 'auto, turned or stored'],
  ])('readSettings refuses %s=%s with the reason', (variable, text, why) => {
    const message = mistake(() => readSettings({}, { [variable]: text }));
    expect(message).toContain(`${variable}=${text}`);
    expect(message).toContain(why);
  });

  it('readSettings reports all mistakes together, each by its flag or variable', () => {
    const message = mistake(() => readSettings({ valSplit: '2' }, { SEED: 'x', PREPROCESS: 'maybe' }));
    expect(message.split('\n')).toEqual([
      expect.stringContaining('--val-split=2'),
      expect.stringContaining('SEED=x'),
      expect.stringContaining('PREPROCESS=maybe'),
    ]);
  });

  it('readSettings refuses a per-class cap below the minimum images per class', () => {
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

  it('readSettings refuses tiles if an external system preprocesses the images', () => {
    expect(mistake(() => readSettings({ tiles: '2' }, { PREPROCESS: 'external' }))).toContain(
      '--tiles=2 needs PREPROCESS=internal',
    );
    expect(readSettings({ tiles: '1' }, { PREPROCESS: 'external' }).dataset.tiles).toBe(1);
  });

  it('SETTINGS has no duplicate variable or flag', () => {
    const all = Object.values(SETTINGS);
    expect(new Set(all.map(({ variable }) => variable)).size).toBe(all.length);
    expect(new Set(all.map(({ flag }) => flag)).size).toBe(all.length);
  });

  it('the help names a default for every setting', () => {
    const help = addSettings(new Command(), 'all').configureHelp({ helpWidth: 1000 }).helpInformation();
    for (const { variable } of Object.values(SETTINGS)) expect(help).toContain(`[${variable}, default `);
    expect(help).toContain('[GROUP_BY, default none]');
    expect(help).not.toContain('default ]');
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

  it('curator.config.json overrides defaults but not variables and flags, and is named as the source', () => {
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

  it('mistakes in curator.config.json are reported together with those of variables', () => {
    const env = { ...envWith({ valSplit: 3, colour: 'blue' }), SEED: 'x' };
    const message = mistake(() => readSettings({}, env));
    expect(message).toMatch(/team\.json: valSplit: must be above 0 and below 1/);
    expect(message).toMatch(/team\.json: .*colour/);
    expect(message).toContain('SEED=x');
  });

  it('a configuration file that is invalid JSON or missing is refused', () => {
    expect(mistake(() => readSettings({}, envWith('{')))).toContain('team.json is not valid JSON');
    expect(mistake(() => readSettings({}, { CURATOR_CONFIG: join(folder, 'none.json') }))).toContain(
      'none.json cannot be read',
    );
  });

  it('docs/curator.config.schema.json is up to date (npm run schemas writes it)', () => {
    const published = readFileSync(new URL('../../docs/curator.config.schema.json', import.meta.url), 'utf8');
    expect(JSON.parse(published)).toEqual(configJsonSchema());
  });

  it('curator config prints each setting with its value and source', async () => {
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
