import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { CLI } from '../support/cli.js';

/** All workers, so that none is left if the tool is ended while they run. */
const started = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of started) child.kill('SIGKILL');
});

/** Worker processes that are replaced when they are ended. */
export class Workers {
  private readonly running: ChildProcess[] = [];
  private readonly asked = new Set<ChildProcess>();
  /** How workers exited that nobody ended. */
  readonly exits: string[] = [];

  /** @param command arguments of Node that start a worker; by default those of `curator worker` */
  constructor(
    private readonly env: NodeJS.ProcessEnv,
    private readonly command: readonly string[] = [CLI, 'worker'],
  ) {}

  get pids(): number[] {
    return this.running.flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  }

  /** Starts workers; resolves when all of them are ready. */
  async start(count: number): Promise<void> {
    await Promise.all(Array.from({ length: count }, async () => this.running.push(await this.startOne())));
  }

  /** Sends a signal to a worker and starts another one at once. Resolves when that one is ready. */
  async replace(pid: number, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const index = this.running.findIndex((child) => child.pid === pid);
    const [child] = this.running.splice(index, index < 0 ? 0 : 1);
    if (!child) return;
    const ended = this.end(child, signal);
    this.running.push(await this.startOne());
    await ended;
  }

  async stop(): Promise<void> {
    await Promise.all(this.running.splice(0).map((child) => this.end(child, 'SIGKILL')));
  }

  private async startOne(): Promise<ChildProcess> {
    const child = spawn(process.execPath, [...this.command], {
      env: this.env,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    started.add(child);
    child.once('exit', (code, signal) => {
      started.delete(child);
      if (!this.asked.has(child)) this.exits.push(`${signal ?? `code ${code}`}`);
    });
    const ready = once(createInterface({ input: child.stdout }), 'line');
    const ended = once(child, 'exit').then(() => {
      throw new Error('A worker ended before it was ready.');
    });
    ended.catch(() => undefined);
    await Promise.race([ready, ended]);
    return child;
  }
  private async end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    this.asked.add(child);
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }
}
