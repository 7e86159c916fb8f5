import { type ChildProcess, execFileSync, type StdioOptions, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { asRecord, type JsonRecord } from '../lib/json-records.js';
import { tryParseJson } from '../lib/try-parse-json.js';
import { privately } from './private-home.js';

/** A server process that this process has started. */
export interface Server {
  readonly pid: number;
  /** Resolves when the process has exited. */
  readonly ended: Promise<void>;
  /** Sends SIGTERM, and SIGKILL after `graceMs` milliseconds. Resolves when the process has exited. */
  stop(graceMs: number): Promise<void>;
}

export interface ServerOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** File that stdout and stderr are appended to. */
  readonly log: string;
  /** Called with the process before it is ready, so that whoever starts it can end it at any moment. */
  readonly onStart?: ((server: Server) => void) | undefined;
}

/**
 * Starts a server that writes to a log file. It is detached, so Ctrl-C in the terminal does not signal it. Its log and the
 * files that it creates are accessible to their owner only.
 */
export function startServer(options: ServerOptions): Server {
  const { name, onStart } = options;
  const child = spawnPrivately(options, (file) => ['ignore', file, file]);
  const server = asServer(name, child);
  onStart?.(server);
  return server;
}

/**
 * Starts a Curator command and waits for its JSON line with `"ready": true`.
 * @throws Error with the end of its log if it exits before
 */
export async function startCommand(options: ServerOptions): Promise<Server & { ready: JsonRecord }> {
  const child = spawnPrivately(options, (file) => ['ignore', 'pipe', file]);
  const server = asServer(options.name, child);
  options.onStart?.(server);
  const { stdout } = child;
  if (!stdout) throw new Error(`${options.name} has no output.`);
  const lines = createInterface({ input: stdout });
  const ready = new Promise<JsonRecord>((resolve) => {
    lines.on('line', (line) => {
      const value = asRecord(tryParseJson(line));
      if (value.ready === true) resolve(value);
    });
  });
  const failed = server.ended.then((): never => {
    throw new Error(`${options.name} exited before it was ready: ${lastLines(options.log)}`);
  });
  failed.catch(() => undefined);
  return { ...server, ready: await Promise.race([ready, failed]) };
}

function spawnPrivately(
  { command, args, env, log }: ServerOptions,
  stdioOf: (log: number) => StdioOptions,
): ChildProcess {
  return privately(() => {
    const file = openSync(log, 'a');
    try {
      return spawn(command, args, { env, stdio: stdioOf(file), detached: true });
    } finally {
      closeSync(file);
    }
  });
}

function asServer(name: string, child: ChildProcess): Server {
  const { pid } = child;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  if (pid === undefined) throw new Error(`${name} could not be started.`);
  endWithThisProcess(pid, ended);
  return { pid, ended, stop: (graceMs) => stop(pid, ended, graceMs) };
}

const running = new Set<number>();

/** Ends a server if this process exits before it has stopped the server. */
function endWithThisProcess(pid: number, ended: Promise<void>): void {
  if (running.size === 0) process.once('exit', endAll);
  running.add(pid);
  void ended.then(() => {
    running.delete(pid);
    if (running.size === 0) process.removeListener('exit', endAll);
  });
}

function endAll(): void {
  for (const pid of running) signal(pid, 'SIGKILL');
}

async function stop(pid: number, ended: Promise<void>, graceMs: number): Promise<void> {
  signal(pid, 'SIGTERM');
  const timer = new AbortController();
  const timeout = delay(graceMs, 'late', { signal: timer.signal }).catch(() => 'ended');
  if ((await Promise.race([ended, timeout])) === 'late') signal(pid, 'SIGKILL');
  await ended;
  timer.abort();
}

/**
 * Waits until `check` returns true.
 * @throws Error with the end of the log if the server exits or `timeoutMs` (default 60 s) passes first
 */
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
    if (ended) throw new Error(`${name} exited before it was ready: ${lastLines(log)}`);
    if (Date.now() > deadline)
      throw new Error(`${name} was not ready after ${timeoutMs / 1000} s: ${lastLines(log)}`);
    await delay(50);
  }
}

/**
 * The start time of a process in the operating system's format; undefined if there is no such process. A process id can
 * be reused; together with the start time it identifies a process.
 */
export function startTimeOf(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The start time is field 22. Field 2 may contain spaces and ends with the last parenthesis.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return fields[0] === 'Z' ? undefined : fields[19];
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

/** Sends a signal; does nothing if the process has exited. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has already exited.
  }
}

function lastLines(log: string): string {
  return readFileSync(log, 'utf8').trim().split('\n').slice(-5).join(' | ');
}
