// Builds the web page into dist/web: the page itself, and the worker that checks archives, which is loaded after a drop.
// With --reload the page reloads itself after each build: for scripts/dev.mjs.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const OUT = path('dist/web');
const CHECK = path('web/src/check');

const isReloading = process.argv.includes('--reload');

/** Compares the page with the one that was loaded: its files are named by their content, and each build is stamped. */
const RELOAD = `{
  let loaded;
  setInterval(async () => {
    const response = await fetch('./', { cache: 'no-store' }).catch(() => undefined);
    if (!response?.ok) return;
    const text = await response.text();
    loaded ??= text;
    if (text !== loaded) location.reload();
  }, 1000);
}`;

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

/** Replacements for Node's own modules in a browser; each has only the part that is used. */
const alias = {
  'node:crypto': `${CHECK}/node/crypto.ts`,
  'node:timers/promises': `${CHECK}/node/timers-promises.ts`,
  'node:util': `${CHECK}/node/util.ts`,
  'node:zlib': `${CHECK}/node/zlib.ts`,
};

/** Modules that only Node can load, and their replacements for a browser. */
const STAND_INS = new Map([
  ['src/archive/inflate', 'inflate.ts'],
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
  alias,
});
const page = await build({
  ...COMMON,
  entryPoints: { page: path('web/src/main.tsx') },
  alias,
  define: { CHECK_WORKER: JSON.stringify(`./${outputOf(worker, '.js')}`) },
  jsx: 'automatic',
  jsxImportSource: 'preact',
  ...(isReloading ? { banner: { js: RELOAD } } : {}),
});
cpSync(path('web/icon.svg'), `${OUT}/icon.svg`);
writeFileSync(
  `${OUT}/index.html`,
  readFileSync(path('web/index.html'), 'utf8')
    .replace('./page.css', `./assets/${outputOf(page, '.css')}`)
    .replace('./page.js', `./assets/${outputOf(page, '.js')}`)
    .concat(isReloading ? `<!-- built ${new Date().toISOString()} -->\n` : ''),
);

function outputOf({ metafile }, extension) {
  const files = Object.keys(metafile.outputs).map((file) => basename(file));
  return files.find((file) => file.endsWith(extension));
}
