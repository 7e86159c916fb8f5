import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const ROOT = new URL('../../', import.meta.url);
const textOf = (path: string) => readFileSync(fileURLToPath(new URL(path, ROOT)), 'utf8');

interface Row {
  readonly what: string;
  readonly happens: string;
  readonly file: string;
  readonly title: string;
}

/** Rows of the tables whose last column names a test as `file`: title. */
const rows = textOf('docs/input.md')
  .split('\n')
  .filter((line) => line.startsWith('| ') && line.includes('`test/'))
  .map((line): Row => {
    const [what = '', happens = '', test = ''] = line.slice(2, -2).split(' | ');
    const [, file = '', title = ''] = /^`(test\/[^`]+)`: (.+)$/.exec(test.trim()) ?? [];
    return { what, happens, file, title: title.trim() };
  });

/** A title as a test file writes it: a string of its own, in any quotes. */
const isTitleIn = (text: string, title: string) =>
  ["'", '"', '`'].some((quote) => text.includes(`${quote}${title}${quote}`));

describe('docs/input.md', () => {
  it('docs/input.md has a row for each case', () => {
    expect(rows.length).toBeGreaterThan(80);
    expect(new Set(rows.map(({ what }) => what)).size).toBe(rows.length);
  });

  it.each(rows.map((row) => [row.what, row] as const))('names a test that exists: %s', (_what, row) => {
    expect(row.happens).not.toBe('');
    expect(existsSync(fileURLToPath(new URL(row.file, ROOT)))).toBe(true);
    expect({ title: row.title, exists: isTitleIn(textOf(row.file), row.title) }).toEqual({
      title: row.title,
      exists: true,
    });
  });
});
