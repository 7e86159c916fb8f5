import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = new URL('../../', import.meta.url);

/** Text of a file, by its path from the root of the checkout. */
const textOf = (path: string) => readFileSync(fileURLToPath(new URL(path, ROOT)), 'utf8');

/** A row of a table whose last column names a test as `file`: title. */
export interface NamedTest {
  readonly cells: readonly string[];
  readonly file: string;
  readonly title: string;
}

/** The rows of a document's tables that name a test, in their order. */
export function namedTests(document: string): NamedTest[] {
  return textOf(document)
    .split('\n')
    .filter((line) => line.startsWith('| ') && line.includes('`test/'))
    .map((line) => {
      const cells = line.slice(2, -2).split(' | ');
      const [, file = '', title = ''] = /^`(test\/[^`]+)`: (.+)$/.exec(cells.at(-1)?.trim() ?? '') ?? [];
      return { cells: cells.slice(0, -1), file, title: title.trim() };
    });
}

/** Whether the file has a test of this title: a string of its own, in any quotes. */
export function testExists({ file, title }: NamedTest): boolean {
  if (!existsSync(fileURLToPath(new URL(file, ROOT)))) return false;
  const text = textOf(file);
  return ["'", '"', '`'].some((quote) => text.includes(`${quote}${title}${quote}`));
}
