// One set-up or build of a checkout at a time: two that write node_modules/ or dist/ at once break one another.
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The lock of this checkout. */
export const BUILD_LOCK = fileURLToPath(new URL('../.curator-build.lock', import.meta.url));

const POLL_MS = 200;

/**
 * Takes the lock, a file that names the process, until this process ends. Waits while another process has it, and says so
 * once. The lock of a process that has ended does not count.
 */
export function takeBuildLock(file, say) {
  for (let isWaiting = false; !create(file); ) {
    const owner = ownerOf(file);
    if (owner === undefined) continue;
    if (!isRunning(owner)) {
      removeOf(owner, file);
      continue;
    }
    if (!isWaiting) say(`process ${owner} is building; waiting for it. If it is no build, delete ${file}.`);
    isWaiting = true;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
  }
}

/** Releases the lock of this process. */
export function releaseBuildLock(file) {
  if (ownerOf(file) === process.pid) rmSync(file, { force: true });
}

function create(file) {
  try {
    writeFileSync(file, `${process.pid}\n`, { flag: 'wx' });
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
  process.once('exit', () => releaseBuildLock(file));
  return true;
}

/** The process that has the lock; undefined if the lock is gone. */
function ownerOf(file) {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function isRunning(pid) {
  try {
    // An empty file is one that its process is about to write.
    return pid === 0 || process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Removes the lock of `owner`. If another process has taken the lock meanwhile, that one is put back. */
function removeOf(owner, file) {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    if (ownerOf(aside) !== owner) linkSync(aside, file);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  }
  rmSync(aside, { force: true });
}
