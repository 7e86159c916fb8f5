import type { ModelGuard } from '../../client/model-guard.js';
import { errorMessage } from '../../lib/error-message.js';
import type { ModelRef, ModelRunner } from '../../models/model-runner.js';

/** The guard's time where this command means to stop the model itself: it only counts if this machine goes away. */
const SAFETY_SECS = 3_600;

/** Between two extensions of a guard while its model starts. */
const MAX_RENEWAL_MS = 60_000;

export interface WhileRunning<T> {
  readonly model: ModelRef;
  readonly runner: ModelRunner;
  readonly guard: ModelGuard;
  /** Keep the model running this long from when it runs; else it is stopped once the work is done. */
  readonly stopAfterSecs?: number;
  /** What a running model costs, as a sentence with a space before it; empty for an emulator. */
  readonly cost: string;
  readonly say: (text: string) => void;
  readonly work: (signal: AbortSignal) => Promise<T>;
}

/**
 * Works with a running model and stops it again if it had to be started: after the work, after an error, after
 * Ctrl-C. A durable guard stands behind that before the model is started, and alone with `stopAfterSecs`.
 */
export async function whileRunning<T>(options: WhileRunning<T>): Promise<T> {
  const { model, runner, guard, stopAfterSecs, cost, say, work } = options;
  const interrupted = new AbortController();
  const interrupt = () => {
    say('Stopping …');
    interrupted.abort(new Error('Interrupted.'));
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  let until = Date.now() + (stopAfterSecs ?? SAFETY_SECS) * 1000;
  let started = false;
  try {
    const { status } = await runner.status(model);
    const isUp = status === 'RUNNING' || status === 'STARTING';
    if (isUp) {
      if (stopAfterSecs !== undefined) await guard.extend(model, until);
    } else {
      await guard.keepUntil(model, until);
      // From here on it is ours: even where the answer to the start is lost.
      started = true;
      say(`Starting ${model.projectVersionArn}, which takes minutes on AWS.${cost}`);
      started = await runner.start(model, interrupted.signal);
      // Where another was faster, the guard stays: better a model stopped early than one that nobody stops.
    }
    until = (await untilRunning(options, interrupted.signal)) ?? until;
    return await work(interrupted.signal);
  } finally {
    if (started) await end(options, until);
    process.removeListener('SIGINT', interrupt).removeListener('SIGTERM', interrupt);
  }
}

/** The time that a model is to be kept begins once it runs: a start on AWS may take longer. Answers when that ends. */
async function untilRunning<T>(
  { model, runner, guard, stopAfterSecs }: WhileRunning<T>,
  signal: AbortSignal,
): Promise<number | undefined> {
  if (stopAfterSecs === undefined) {
    await runner.untilRunning(model, signal);
    return undefined;
  }
  const extend = async () => {
    const until = Date.now() + stopAfterSecs * 1000;
    await guard.extend(model, until);
    return until;
  };
  // Where Temporal is away for a moment, the next time extends it.
  const renew = () => void extend().catch(() => undefined);
  const timer = setInterval(renew, Math.min(MAX_RENEWAL_MS, stopAfterSecs * 500));
  try {
    await runner.untilRunning(model, signal);
    return await extend();
  } finally {
    clearInterval(timer);
  }
}

async function end<T>(
  { model, runner, guard, stopAfterSecs, cost, say }: WhileRunning<T>,
  until: number,
): Promise<void> {
  if (stopAfterSecs !== undefined) {
    say(`The model runs until ${new Date(until).toISOString()}; a worker stops it then.${cost}`);
    return;
  }
  say('Stopping the model …');
  try {
    await runner.stop(model, new AbortController().signal);
  } catch (error) {
    const cause = errorMessage(error);
    say(`It could not be stopped: ${cause}\nIts guard tries again from ${new Date(until).toISOString()} on.`);
    throw error;
  }
  await guard.release(model);
}
