import type { ModelGuard } from '../../client/model-guard.js';
import { errorMessage } from '../../lib/error-message.js';
import type { ModelRef, ModelRunner } from '../../models/model-runner.js';

/** The guard's limit when this command stops the model itself; it takes effect only if this machine fails. */
const SAFETY_SECS = 3_600;

/** Maximum time between two extensions of a guard while its model starts. */
const MAX_RENEWAL_MS = 60_000;

export interface WhileRunning<T> {
  readonly model: ModelRef;
  readonly runner: ModelRunner;
  readonly guard: ModelGuard;
  /** Seconds to keep the model running, counted from when it runs; without it, the model is stopped after the work. */
  readonly stopAfterSecs?: number;
  /** The cost of a running model as a sentence with a leading space; empty for an emulator. */
  readonly cost: string;
  readonly say: (text: string) => void;
  readonly work: (signal: AbortSignal) => Promise<T>;
}

/**
 * Runs `work` with a running model. A model that had to be started is stopped after the work, after an error and
 * after Ctrl-C. A durable guard is set before the start and stops the model if this process cannot; with
 * `stopAfterSecs` the guard alone stops it.
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
      // From here on this command must stop it, even if the response to the start is lost.
      started = true;
      say(`Starting ${model.projectVersionArn}, which takes minutes on AWS.${cost}`);
      started = await runner.start(model, interrupted.signal);
      // If another process started the model first, the guard stays: it is better to stop a model too early than never.
    }
    until = (await untilRunning(options, interrupted.signal)) ?? until;
    return await work(interrupted.signal);
  } finally {
    if (started) await end(options, until);
    process.removeListener('SIGINT', interrupt).removeListener('SIGTERM', interrupt);
  }
}

/** Waits until the model runs. With `stopAfterSecs`, returns until when it is kept (ms since 1970), counted from then. */
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
  // A failure is ignored: the next renewal extends the guard.
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
    say(`The model runs until ${new Date(until).toISOString()}. A worker stops it then.${cost}`);
    return;
  }
  say('Stopping the model …');
  try {
    await runner.stop(model, new AbortController().signal);
  } catch (error) {
    const cause = errorMessage(error);
    say(
      `The model could not be stopped: ${cause}\nIts guard tries again from ${new Date(until).toISOString()}.`,
    );
    throw error;
  }
  await guard.release(model);
}
