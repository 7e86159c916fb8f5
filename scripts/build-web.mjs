// Builds the web page into dist/web: the page itself, and the worker that checks archives, which loads after a drop.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const OUT = path('dist/web');
const CHECK = path('web/src/check');

const COMMON = {
  bundle: true,
  format: 'esm',
  minify: true,
  metafile: true,
  target: ['chrome111', 'firefox113', 'safari16.4'],
  outdir: `${OUT}/assets`,
  entryNames: '[name]-[hash]',
  legalComments: 'linked',
  logLevel: 'warning',
};

/** What stands for Node's own modules in a browser: of each the part that is used. */
const alias = {
  'node:crypto': `${CHECK}/node/crypto.ts`,
  'node:timers/promises': `${CHECK}/node/timers-promises.ts`,
  'node:util': `${CHECK}/node/util.ts`,
  'node:zlib': `${CHECK}/node/zlib.ts`,
};

/** The modules of the checking rooms that only Node can load, and what stands for each in a browser. */
const STAND_INS = new Map([
  ['src/archive/list-files', 'list-files.ts'],
  ['src/images/preprocess', 'preprocess-image.ts'],
]);

const standIns = {
  name: 'stand-ins',
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\.\.?\/.*\.js$/ }, ({ path: imported, resolveDir }) => {
      const module = relative(path('.'), fileURLToPath(new URL(imported, `file://${resolveDir}/`)));
      const standIn = STAND_INS.get(module.replaceAll('\\', '/').replace(/\.js$/, ''));
      return standIn ? { path: `${CHECK}/${standIn}` } : undefined;
    });
  },
};

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });

const worker = await build({
  ...COMMON,
  entryPoints: { check: `${CHECK}/worker.ts` },
  plugins: [standIns],
  alias: {
    'node:crypto': `${CHECK}/node/crypto.ts`,
    'node:timers/promises': `${CHECK}/node/timers-promises.ts`,
    'node:util': `${CHECK}/node/util.ts`,
    'node:zlib': `${CHECK}/node/zlib.ts`,
  },
});
const page = await build({
  ...COMMON,
  entryPoints: { page: path('web/src/main.tsx') },
  alias,
  define: { CHECK_WORKER: JSON.stringify(`./${outputOf(worker, '.js')}`) },
  jsx: 'automatic',
  jsxImportSource: 'preact',
});
cpSync(path('web/icon.svg'), `${OUT}/icon.svg`);
writeFileSync(
  `${OUT}/index.html`,
  readFileSync(path('web/index.html'), 'utf8')
    .replace('./page.css', `./assets/${outputOf(page, '.css')}`)
    .replace('./page.js', `./assets/${outputOf(page, '.js')}`),
);

function outputOf({ metafile }, extension) {
  const files = Object.keys(metafile.outputs).map((file) => basename(file));
  return files.find((file) => file.endsWith(extension));
}
