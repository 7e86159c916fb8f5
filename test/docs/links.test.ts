import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { byCodePoint } from '../../src/lib/order.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const exists = (path: string) => existsSync(join(ROOT, path));

const documents = [
  ...['README.md', 'CONTRIBUTING.md'].filter(exists),
  ...readdirSync(`${ROOT}docs`, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
].sort(byCodePoint);

/** Fenced blocks hold examples, such as commands with paths of the reader's own files. */
const textOf = (document: string) => readFileSync(join(ROOT, document), 'utf8').replace(/^```.*?^```/gms, '');

/** Targets of relative Markdown links, as paths from the root. */
function linkedPaths(document: string): string[] {
  const targets = [...textOf(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return targets
    .filter((target) => !/^([a-z]+:|#)/i.test(target))
    .map((target) => normalize(join(dirname(document), target.replace(/#.*$/, ''))));
}

/** Paths of the repository in code spans; a path with a placeholder or wildcard ends before it. */
function namedPaths(document: string): string[] {
  const spans = [...textOf(document).matchAll(/`((?:src|test|web|scripts|docs|examples)\/[^`\s]*)`/g)];
  return spans.map(([, path = '']) => path.replace(/[^/]*[*<{].*$/, '').replace(/#.*$/, ''));
}

/** Headings of a document as GitHub's anchors. */
function anchors(document: string): string[] {
  const headings = [...textOf(document).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-'),
  );
}

/** Links to a heading, as the document that has it and the anchor. */
function linkedAnchors(document: string): { readonly target: string; readonly anchor: string }[] {
  const links = [...textOf(document).matchAll(/\]\(([^)\s:#]*)#([^)\s]+)\)/g)];
  return links.map(([, path = '', anchor = '']) => ({
    target: path === '' ? document : normalize(join(dirname(document), path)),
    anchor,
  }));
}

describe('links and paths in documents', () => {
  it('links and paths in documents are found in README and docs', () => {
    expect(documents).toContain('README.md');
    expect(documents.flatMap(linkedPaths).length).toBeGreaterThan(20);
    expect(documents.flatMap(namedPaths).length).toBeGreaterThan(50);
  });

  it.each(documents)('%s links only to files that exist', (document) => {
    expect(linkedPaths(document).filter((path) => !exists(path))).toEqual([]);
  });

  it.each(documents)('%s links only to headings that exist', (document) => {
    const missing = linkedAnchors(document).filter(
      ({ target, anchor }) => target.endsWith('.md') && !anchors(target).includes(anchor),
    );
    expect(missing).toEqual([]);
  });

  it.each(documents)('%s names only paths that exist', (document) => {
    expect(namedPaths(document).filter((path) => !exists(path))).toEqual([]);
  });
});

describe('architecture decision records', () => {
  const records = readdirSync(`${ROOT}docs/adr`).filter((file) => /^\d{4}-/.test(file));

  it('architecture decision records are all listed in their index, with their titles', () => {
    const index = readFileSync(`${ROOT}docs/adr/README.md`, 'utf8');
    const entries = records.map((file) => {
      const [title = ''] = readFileSync(`${ROOT}docs/adr/${file}`, 'utf8').split('\n');
      return `- [${file.slice(0, 4)}](${file}): ${title.slice('# 0000. '.length)}`;
    });
    expect(index.split('\n').filter((line) => line.startsWith('- ['))).toEqual(entries);
  });

  it('architecture decision records are numbered without gaps', () => {
    const numbers = records.map((file) => Number(file.slice(0, 4)));
    expect(numbers).toEqual(records.map((_, index) => index + 1));
  });
});

describe('glossary', () => {
  it('names only identifiers that the file beside them has', () => {
    const cells = [...textOf('docs/glossary.md').matchAll(/`(src\/[^`]+)` \(`(\w+)`\)/g)];
    expect(cells.length).toBeGreaterThan(10);
    const wrong = cells.filter(([, path = '', name = '']) => {
      return !new RegExp(`\\b${name}\\b`).test(readFileSync(join(ROOT, path), 'utf8'));
    });
    expect(wrong.map(([cell]) => cell)).toEqual([]);
  });
});
