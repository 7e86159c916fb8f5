// A `curator worker` as a process of its own, as users run it.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const CURATOR = fileURLToPath(new URL('../../bin/curator.js', import.meta.url));

/** Characters of the log that an error shows. */
const MAX_LOG = 2000;

/**
 * Starts the worker and waits until it takes work. Returns its process id.
 * @param env environment variables of the worker
 * @param ends gets a function that ends it
 */
export async function startWorker(env, ends) {
  const child = spawn(process.execPath, [CURATOR, 'worker'], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: 'pipe',
  });
  let log = '';
  child.stderr.on('data', (text) => {
    log = `${log}${text}`.slice(-MAX_LOG);
  });
  const ended = new Promise((resolve) => child.once('exit', () => resolve('ended')));
  ends.push(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  const ready = new Promise((resolve) => createInterface(child.stdout).once('line', resolve));
  if ((await Promise.race([ready, ended])) === 'ended') throw new Error(`The worker ended: ${log}`);
  return child.pid;
}
