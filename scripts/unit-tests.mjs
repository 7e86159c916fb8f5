// Chooses the unit tests: test files that need no server, no other process and no build. A test file is a unit test
// if neither it nor any file of src/ and test/ that it imports at run time imports one of SERVER_MODULES or reads dist/.
// jest.config.mjs uses the list; `node scripts/unit-tests.mjs` prints it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Modules that start servers or processes. */
const SERVER_MODULES =
  /^(?:node:(?:child_process|http|https|net|worker_threads)|fastify|playwright-core|@temporalio\/(?:testing|worker))$/;

/** Unit tests that take more than 10 s of one core. They run only if arguments name what to test. */
const SLOW = [
  'test/dataset/copies/all-pairs.test.ts',
  'test/dataset/copies/copies.test.ts',
  'test/dataset/curating/coco-properties.test.ts',
  'test/dataset/curating/properties.test.ts',
  'test/dataset/reading/budget.test.ts',
  'test/images/preprocess-limits.test.ts',
  'test/images/preprocess.test.ts',
  'test/sample/command.test.ts',
  'test/sample/sample.test.ts',
];

/** Imports and re-exports that exist at run time; `import type` and `export type` do not. */
const RUNTIME_IMPORT =
  /(?:^|\n)\s*(?:import|export)\s+(?!type\b)(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

/** Paths of the unit tests from the root of the checkout, sorted; those in SLOW only if `includeSlow` is true. */
export function unitTests({ includeSlow }) {
  const needsServer = new Map();
  const visit = (file) => {
    const known = needsServer.get(file);
    if (known !== undefined) return known;
    // Set before the imports are visited, so that a cycle ends.
    needsServer.set(file, false);
    const text = readFileSync(file, 'utf8');
    const imports = [...text.matchAll(RUNTIME_IMPORT)].map(([, from, dynamic]) => from ?? dynamic);
    const found =
      text.includes('/dist/') ||
      imports.some((name) => SERVER_MODULES.test(name)) ||
      imports.flatMap((name) => sourceOf(file, name)).some(visit);
    needsServer.set(file, found);
    return found;
  };
  return testFiles().filter((file) => (includeSlow || !SLOW.includes(file)) && !visit(join(ROOT, file)));
}

function testFiles() {
  return readdirSync(join(ROOT, 'test'), { recursive: true })
    .filter((name) => name.endsWith('.test.ts') && !name.startsWith('long/'))
    .map((name) => `test/${name}`)
    .sort();
}

/** The source file of a relative import; none for packages and for files that are not TypeScript. */
function sourceOf(file, name) {
  if (!name.startsWith('.')) return [];
  const path = resolve(dirname(file), name).replace(/\.js$/, '');
  return [`${path}.ts`, `${path}.tsx`].filter(existsSync).slice(0, 1);
}

if (argv[1] === fileURLToPath(import.meta.url))
  process.stdout.write(`${unitTests({ includeSlow: false }).join('\n')}\n`);
