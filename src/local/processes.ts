import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { asRecord, type JsonRecord } from '../lib/json-records.js';
import { tryParseJson } from '../lib/try-parse-json.js';

export interface Server {
  readonly pid: number;
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  stop(graceMs: number): Promise<void>;
}

export interface ServerOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** File that gets stdout and stderr. */
  readonly log: string;
}

/** Starts a server whose output goes to a log file. It gets signals from us only, not from the terminal. */
export function startServer({ name, command, args, env, log }: ServerOptions): Server {
  const file = openSync(log, 'a');
  const child = spawn(command, args, { env, stdio: ['ignore', file, file], detached: true });
  closeSync(file);
  return asServer(name, child);
}

/** Starts one of our own commands and waits for the line of JSON that says it is ready. */
export async function startOwn(options: ServerOptions): Promise<Server & { ready: JsonRecord }> {
  const file = openSync(options.log, 'a');
  const child = spawn(options.command, options.args, {
    env: options.env,
    stdio: ['ignore', 'pipe', file],
    detached: true,
  });
  closeSync(file);
  const server = asServer(options.name, child);
  const { stdout } = child;
  if (!stdout) throw new Error(`${options.name} has no output.`);
  const lines = createInterface({ input: stdout });
  const ready = new Promise<JsonRecord>((resolve) => {
    lines.on('line', (line) => {
      const value = asRecord(tryParseJson(line));
      if (value.ready === true) resolve(value);
    });
  });
  const died = server.ended.then((): never => {
    throw new Error(`${options.name} ended before it was ready: ${lastLines(options.log)}`);
  });
  died.catch(() => undefined);
  return { ...server, ready: await Promise.race([ready, died]) };
}

function asServer(name: string, child: ChildProcess): Server {
  const { pid } = child;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  if (pid === undefined) throw new Error(`${name} could not be started.`);
  return { pid, ended, stop: (graceMs) => stop(pid, ended, graceMs) };
}

async function stop(pid: number, ended: Promise<void>, graceMs: number): Promise<void> {
  signal(pid, 'SIGTERM');
  const timer = new AbortController();
  const late = delay(graceMs, 'late', { signal: timer.signal }).catch(() => 'ended');
  if ((await Promise.race([ended, late])) === 'late') signal(pid, 'SIGKILL');
  await ended;
  timer.abort();
}

/** Waits until `check` says so; a server that ends meanwhile is an error with the end of its log. */
export async function untilReady(
  options: { name: string; log: string; server: Server; timeoutMs?: number },
  check: () => Promise<boolean>,
): Promise<void> {
  const { name, log, server, timeoutMs = 60_000 } = options;
  let ended = false;
  void server.ended.then(() => {
    ended = true;
  });
  const deadline = Date.now() + timeoutMs;
  while (!(await check())) {
    if (ended) throw new Error(`${name} ended before it was ready: ${lastLines(log)}`);
    if (Date.now() > deadline)
      throw new Error(`${name} was not ready after ${timeoutMs / 1000} s: ${lastLines(log)}`);
    await delay(50);
  }
}

/** When a process started, as the system has it: with the pid it names a process, which a pid alone doesn't. */
export function startTimeOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The 22nd field; the second may hold blanks and ends with the last parenthesis.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' ? undefined : fields[19];
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended already.
  }
}

function lastLines(log: string): string {
  return readFileSync(log, 'utf8').trim().split('\n').slice(-5).join(' | ');
}
