import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from '@jest/globals';
import { cleanEnv, type cli, type Finished, stopProcess } from './cli.js';

const HOST = fileURLToPath(new URL('./command-host.mjs', import.meta.url));

/**
 * Returns a function that runs commands as `cli` does, but all of them in one process per test file, one after another: a
 * process of its own needs a second to load its modules. Not for servers and not for commands that end by a signal.
 */
export function useCommands(): typeof cli {
  let host: ChildProcess;
  let last: Promise<unknown> = Promise.resolve();
  beforeAll(() => {
    host = fork(HOST, { env: cleanEnv({}), execArgv: [] });
  });
  afterAll(() => stopProcess(host));
  return async (args, env = {}) => {
    const finished = last.then(() => run(host, args, cleanEnv(env)));
    last = finished.catch(() => undefined);
    return await finished;
  };
}

async function run(host: ChildProcess, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Finished> {
  const waiting = new AbortController();
  const { signal } = waiting;
  try {
    host.send({ args, env });
    const answer = await Promise.race([
      once(host, 'message', { signal }),
      once(host, 'exit', { signal }).then(() => undefined),
    ]);
    if (!answer) throw new Error(`The process of the commands ended at: ${args.join(' ')}`);
    return answer[0] as Finished;
  } finally {
    waiting.abort();
  }
}
