import { describe, expect, it } from '@jest/globals';
import { namedTests, testExists } from '../support/named-tests.js';

const rows = namedTests('docs/security.md');

describe('docs/security.md', () => {
  it('has a row for each claim', () => {
    expect(rows.length).toBeGreaterThan(40);
    expect(new Set(rows.map(({ cells }) => cells.join(' | '))).size).toBe(rows.length);
  });

  it.each(rows.map((row) => [row.cells.join(': '), row] as const))(
    'names a test that exists: %s',
    (_claim, row) => {
      const { file, title } = row;
      expect({ file, title, exists: testExists(row) }).toEqual({ file, title, exists: true });
    },
  );
});
