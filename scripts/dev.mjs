// Development server: starts the local stack, rebuilds on each change of src/ or web/, restarts the processes that the change
// affects, and reloads the page. Temporal and S3 keep running. Ctrl-C stops everything.
//   npm run dev
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, watch } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { BUILD_LOCK, releaseBuildLock, takeBuildLock } from './build-lock.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const HOME = resolve(process.env.CURATOR_HOME ?? '.curator');
/** An editor writes a file in several steps; a build starts once they are over. */
const DEBOUNCE_MS = 150;
const RESTART_TIMEOUT_MS = 60_000;

let isStopping = false;
const say = (message) => process.stderr.write(`dev: ${message}\n`);

if (!building(buildPage)) process.exit(1);
const stack = await startStack();
watchSources();
say('watching src/ and web/; Ctrl-C stops everything');

/** Starts `curator up`, which restarts its worker, endpoint and emulator whenever one of them ends. */
async function startStack() {
  const child = spawn(process.execPath, [join(ROOT, 'bin/curator.js'), 'up', '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C in the terminal must reach it once, from here.
    detached: true,
  });
  // Written from here: if the terminal is gone, the stack must be able to stop nevertheless.
  child.stderr.on('data', (text) => process.stderr.write(text));
  process.stderr.on('error', () => undefined);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      isStopping = true;
      child.kill('SIGTERM');
    });
  }
  child.once('exit', (code) => process.exit(code ?? 1));
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const info = JSON.parse(line);
  say(`page at ${info.endpoint.url}, Temporal UI at ${info.temporal.ui}`);
  return info;
}

function watchSources() {
  const changed = new Set();
  let timer;
  let isBuilding = false;
  const build = async () => {
    if (isBuilding || isStopping || changed.size === 0) return;
    isBuilding = true;
    const files = [...changed];
    changed.clear();
    await rebuild(files).catch((error) => say(error.message));
    isBuilding = false;
    await build();
  };
  for (const folder of ['src', 'web']) {
    watch(join(ROOT, folder), { recursive: true }, (_event, name) => {
      // Editors write backup and swap files beside the sources.
      if (!name || !/\.(tsx?|css|html|svg)$/.test(name)) return;
      changed.add(join(folder, name));
      clearTimeout(timer);
      timer = setTimeout(build, DEBOUNCE_MS);
    });
  }
}

async function rebuild(files) {
  const start = performance.now();
  say(`${files.slice(0, 3).join(', ')}${files.length > 3 ? ` and ${files.length - 3} more` : ''} changed`);
  if (files.some((file) => file.startsWith('src'))) {
    if (!building(buildServer)) return;
    const names = ['worker', 'endpoint'];
    if (files.some((file) => file.startsWith(join('src', 'emulator')))) names.push('emulator');
    await restart(names);
  }
  // Last, since an open page reloads as soon as it is built.
  if (building(buildPage))
    say(`ready after ${((performance.now() - start) / 1000).toFixed(1)} s: ${stack.endpoint.url}`);
}

/** Builds while no other process does. */
function building(build) {
  takeBuildLock(BUILD_LOCK, say);
  try {
    // The page of this build reloads itself. Without the stamp, the next `npm run build` replaces it.
    rmSync(join(ROOT, 'dist/.curator-setup'), { force: true });
    return build();
  } finally {
    releaseBuildLock(BUILD_LOCK);
  }
}

function buildServer() {
  const compile = ['-p', 'tsconfig.build.json', '--noEmitOnError', '--incremental'];
  // Inside dist/, so that it is removed together with the files that it describes.
  const state = ['--tsBuildInfoFile', 'dist/dev.tsbuildinfo'];
  return run('node_modules/typescript/bin/tsc', ...compile, ...state) && run('scripts/bundle.mjs');
}

function buildPage() {
  return run('scripts/build-web.mjs', '--reload');
}

function run(script, ...args) {
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: ROOT, stdio: ['ignore', 2, 2] });
  if (status !== 0) say(`${script} failed; the previous build keeps running`);
  return status === 0;
}

/** Ends processes of the stack and waits until `curator up` has started their successors. */
async function restart(names) {
  const before = processes();
  for (const name of names) {
    const pid = before.get(name);
    if (pid !== undefined) process.kill(pid, 'SIGTERM');
  }
  const deadline = Date.now() + RESTART_TIMEOUT_MS;
  for (const name of names) {
    while (processes().get(name) === before.get(name)) {
      if (Date.now() > deadline) throw new Error(`the ${name} did not start: see ${HOME}/logs/${name}.log`);
      await delay(50);
    }
  }
}

/** Process ids by name; the stack records a process once it is ready. */
function processes() {
  const { processes: list } = JSON.parse(readFileSync(join(HOME, 'stack.json'), 'utf8'));
  return new Map(list.map(({ name, pid }) => [name, pid]));
}
