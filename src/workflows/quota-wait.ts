import { ApplicationFailure, patched, setHandler, sleep } from '@temporalio/workflow';
import type { FailureType, Waiting } from '../contracts/workflow-io.js';
import { rootCause } from './failures.js';
import { waitingQuery } from './messages.js';

/**
 * Bounds of the random pause between two attempts, in seconds. They do not grow, so that a training that has waited for
 * long has the same chance to be started next as a new one.
 */
const MIN_PAUSE_SECS = 5 * 60;
const MAX_PAUSE_SECS = 15 * 60;
/** About two weeks, which a history has room for. */
const MAX_ATTEMPTS = 2_000;

/** Waits while a quota of the account is used up, for example its maximum of trainings at a time. */
export class QuotaWait {
  private waiting: Waiting | null = null;

  constructor() {
    setHandler(waitingQuery, () => this.waiting);
  }

  /** Repeats `attempt` until the service does not refuse it for a quota. Other errors are thrown at once. */
  async untilAccepted<T>(attempt: () => Promise<T>): Promise<T> {
    for (let attempts = 1; ; attempts += 1) {
      try {
        const accepted = await attempt();
        this.waiting = null;
        return accepted;
      } catch (error) {
        this.waiting = null;
        const refusal = quotaRefusal(error);
        if (refusal === undefined || attempts === MAX_ATTEMPTS || !patched('quota-wait')) throw error;
        await this.pause(refusal, attempts);
      }
    }
  }

  private async pause(refusal: string, attempts: number): Promise<void> {
    const seconds = Math.round(MIN_PAUSE_SECS + Math.random() * (MAX_PAUSE_SECS - MIN_PAUSE_SECS));
    const reason = `The training is queued and costs nothing yet. ${refusal}`;
    this.waiting = { reason, attempts, nextAttempt: new Date(Date.now() + seconds * 1000).toISOString() };
    await sleep(seconds * 1000, { summary: 'Quota used up: wait before the next attempt' });
    this.waiting = { reason, attempts, nextAttempt: null };
  }
}

/** The message of a refusal for a quota; undefined for other errors. */
function quotaRefusal(error: unknown): string | undefined {
  const cause = rootCause(error);
  const type: FailureType = 'TrainerQuota';
  return cause instanceof ApplicationFailure && cause.type === type ? cause.message : undefined;
}
