import { fork } from 'node:child_process';
import { ProcessLost } from './process-lost.js';

/** Characters of the error output of a child that are kept: V8 prints why it ends. */
const MAX_ERROR_CHARACTERS = 4_000;

/** A child process that does one task. */
export interface ChildTask {
  /** What it does, as a message says it: "reads the archive". */
  readonly does: string;
  readonly module: URL;
  /** Maximum size of its JavaScript heap in MB. */
  readonly heapMb: number;
  /** The environment of the process; that of this process if it is missing. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Ends the process. */
  readonly signal?: AbortSignal | undefined;
}

/** The parent's side of a task: messages to the child, and the end of the task. */
export interface ChildTalk<ToChild, Result> {
  readonly send: (message: ToChild) => void;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** A child process needed more memory than its JavaScript heap may have. */
export class HeapExhausted extends Error {
  override readonly name = 'HeapExhausted';
}

/** By this signal, which nothing else sends, a child ends itself if it has used more CPU time than it may. */
export const CPU_TIME_SIGNAL = 'SIGVTALRM';

/** A child process needed more CPU time than it may have. */
export class CpuTimeExhausted extends Error {
  override readonly name = 'CpuTimeExhausted';
}

/**
 * Runs a task in a child process, which has ended when this returns. Whatever happens to that process, this one goes on.
 * @param start starts the task; returns the function that gets the messages of the child
 * @throws the error that `reject` was called with; the reason of the signal; HeapExhausted; CpuTimeExhausted; ProcessLost
 *   if the process was ended by something else
 */
export async function runChild<ToChild, FromChild, Result>(
  { does, module, heapMb, env, signal }: ChildTask,
  start: (talk: ChildTalk<ToChild, Result>) => (message: FromChild) => void,
): Promise<Result> {
  signal?.throwIfAborted();
  const child = fork(module, {
    execArgv: [`--max-old-space-size=${heapMb}`],
    serialization: 'advanced',
    // Output on stdout is for scripts that read that of this process.
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    ...(env ? { env } : {}),
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()).once('error', resolve));
  let errors = '';
  child.stderr?.on('data', (data: Buffer) => {
    errors = `${errors}${data.toString()}`.slice(-MAX_ERROR_CHARACTERS);
  });
  const endOf = (how: string) => {
    if (how === CPU_TIME_SIGNAL)
      return new CpuTimeExhausted(`The process that ${does} needs too much CPU time.`);
    if (/FATAL ERROR|heap out of memory/.test(errors)) {
      return new HeapExhausted(`The process that ${does} needs more than ${heapMb} MB of memory.`);
    }
    process.stderr.write(errors);
    return new ProcessLost(does, how);
  };
  const listening = new AbortController();
  try {
    return await new Promise<Result>((resolve, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason), { signal: listening.signal });
      child.on('error', reject);
      child.on('close', (code, killedBy) => reject(endOf(killedBy ?? `code ${code}`)));
      // A child that has ended is reported by its `close` event.
      const send = (message: ToChild) => {
        if (child.connected) child.send(message as object, () => undefined);
      };
      child.on('message', start({ send, resolve, reject }));
    });
  } finally {
    listening.abort();
    child.kill('SIGKILL');
    await ended;
  }
}
