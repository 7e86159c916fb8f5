import { describe, expect, it } from '@jest/globals';
import { namedTests, testExists } from '../support/named-tests.js';

const rows = namedTests('docs/input.md').map((row) => {
  const [what = '', happens = ''] = row.cells;
  return { ...row, what, happens };
});

describe('docs/input.md', () => {
  it('docs/input.md has a row for each case', () => {
    expect(rows.length).toBeGreaterThan(80);
    expect(new Set(rows.map(({ what }) => what)).size).toBe(rows.length);
  });

  it.each(rows.map((row) => [row.what, row] as const))('names a test that exists: %s', (_what, row) => {
    expect(row.happens).not.toBe('');
    const { file, title } = row;
    expect({ file, title, exists: testExists(row) }).toEqual({ file, title, exists: true });
  });
});
