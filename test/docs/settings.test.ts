import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
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

describe('the range of a setting', () => {
  /** The limits of a setting's schema. Those of a safe integer are no limits that a reader needs. */
  function limitsOf(name: keyof typeof SETTINGS): { inclusive: number[]; exclusive: number[] } {
    const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = z.toJSONSchema(SETTINGS[name].value);
    const known = (...values: (number | boolean | undefined)[]): number[] =>
      values.flatMap((value) =>
        typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? [value] : [],
      );
    return { inclusive: known(minimum, maximum), exclusive: known(exclusiveMinimum, exclusiveMaximum) };
  }
  const limited = SETTING_NAMES.map((name) => [name, limitsOf(name)] as const).filter(
    ([, { inclusive, exclusive }]) => inclusive.length + exclusive.length > 0,
  );

  it('is known for the settings that are numbers', () => {
    expect(limited.length).toBeGreaterThan(7);
  });

  it.each(limited)('is complete in the help of %s and in the message for a value outside', (name, limits) => {
    const { help, value } = SETTINGS[name];
    const all = [...limits.inclusive, ...limits.exclusive];
    const outside = [
      ...limits.exclusive,
      Math.min(...limits.inclusive) - 1,
      ...(limits.inclusive.length > 1 ? [Math.max(...limits.inclusive) + 1] : []),
    ].filter(Number.isFinite);
    for (const number of outside) {
      const message = value.safeParse(number).error?.issues[0]?.message ?? '';
      expect(all.filter((limit) => !new RegExp(`\\b${limit}\\b`).test(message))).toEqual([]);
    }
    expect(all.filter((limit) => !new RegExp(`\\b${limit}\\b`).test(help))).toEqual([]);
  });
});
