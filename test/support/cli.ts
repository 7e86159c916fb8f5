import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export const CLI = fileURLToPath(new URL('../../bin/curator.js', import.meta.url));

/** A command that has ended. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Without the developer's own variables, which could lead a command to real services. */
export function cleanEnv(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const { PATH, HOME, XDG_CACHE_HOME, CURATOR_CACHE } = process.env;
  return { PATH, HOME, XDG_CACHE_HOME, CURATOR_CACHE, ...extra };
}

export function startCli(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, [CLI, ...args], {
    env: cleanEnv(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs a command to its end. */
export async function cli(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  const child = startCli(args, env);
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('The command has no output.');
  const [out, err, [code]] = await Promise.all([text(stdout), text(stderr), once(child, 'close')]);
  return { code: code as number | null, stdout: out, stderr: err };
}

/** Starts a server command; returns once it has printed the line of JSON that says it is ready. */
export async function startReady(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ child: ChildProcess; ready: unknown }> {
  const child = startCli(args, env);
  if (!child.stdout) throw new Error('The command has no output.');
  const errors: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk.toString()));
  const line = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line').then(([first]) => String(first)),
    once(child, 'exit').then(() => undefined),
  ]);
  if (line === undefined) throw new Error(`${args.join(' ')} ended: ${errors.join('')}`);
  return { child, ready: JSON.parse(line) };
}

/** Stops a process with SIGTERM and waits for its exit; does nothing if it never started or has exited. */
export async function stopProcess(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}
