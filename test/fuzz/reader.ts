import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { answerSchema, type FuzzJob } from './child.js';

/** What became of an input. */
export interface Reading {
  /** Null if the input was accepted, or refused as documented. */
  readonly problem: string | null;
  readonly ms: number;
}

/** Reads inputs in a child process, one after another. */
export class Reader {
  private child: ChildProcess | undefined;

  /** @param limitMs longest time of an input */
  constructor(
    private readonly script: string,
    private readonly limitMs: number,
  ) {}

  async read(job: FuzzJob): Promise<Reading> {
    this.child ??= this.start();
    const { child } = this;
    child.send(job);
    const reading = await this.answerOf(child);
    if (reading.problem !== null) await this.stop();
    return reading;
  }

  async stop(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  /** The answer to a job. The time counts from when the child has made the input, not from when the child was started. */
  private async answerOf(child: ChildProcess): Promise<Reading> {
    return await new Promise((resolve) => {
      let limit: NodeJS.Timeout | undefined;
      const finish = (reading: Reading) => {
        clearTimeout(limit);
        child.off('message', onMessage).off('exit', onExit);
        resolve(reading);
      };
      const onExit = (code: number | null, signal: NodeJS.Signals | null) =>
        finish({ problem: `crashed (${code ?? signal})`, ms: 0 });
      const onMessage = (message: unknown) => {
        const answer = answerSchema.parse(message);
        if ('problem' in answer) finish(answer);
        else limit = setTimeout(() => finish(hang(this.limitMs)), this.limitMs);
      };
      child.on('message', onMessage).on('exit', onExit);
    });
  }

  private start(): ChildProcess {
    const child = fork(this.script, ['--child'], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    child.on('error', () => undefined);
    return child;
  }
}

const hang = (ms: number): Reading => ({ problem: `no end within ${ms} ms`, ms });
