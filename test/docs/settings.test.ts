import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { ENVIRONMENT_VARIABLES } from '../../src/config/environment-schema.js';
import { DEFAULTS, SETTING_NAMES, SETTINGS } from '../../src/config/settings.js';

/** A default as documents write it. */
function written(value: string | number | boolean | null, isSeconds: boolean): string {
  if (value === null || value === '') return 'none';
  return isSeconds ? `${Number(value) / 3600}h` : String(value);
}

it('docs/settings.md lists every setting with its variable, flag and default', () => {
  const text = readFileSync(new URL('../../docs/settings.md', import.meta.url), 'utf8');
  const rows = [...text.matchAll(/^\| `(\w+)` \| `--([\w-]+)` \| (\S+) \|/gm)].map(([, ...row]) => row);
  const table = SETTING_NAMES.map((name) => {
    const { variable, flag } = SETTINGS[name];
    return [variable, flag, written(DEFAULTS[name], name === 'trainingTimeoutSecs')];
  });
  expect(rows).toEqual(table);
});

it('docs/settings.md names every environment variable', () => {
  const text = readFileSync(new URL('../../docs/settings.md', import.meta.url), 'utf8');
  const named = new Set([...text.matchAll(/`([A-Z][A-Z0-9_]+)`/g)].map(([, name]) => name));
  expect(ENVIRONMENT_VARIABLES.filter((name) => !named.has(name))).toEqual([]);
});
