import { setTimeout } from 'node:timers/promises';
import { activityInfo, cancellationSignal, heartbeat } from '@temporalio/activity';
import { z } from 'zod';
import { ProcessLost } from '../lib/process-lost.js';
import { type HeartbeatCounts, whileHeartbeating } from './heartbeat.js';

/** Attempts of an activity that may end with their worker. A further attempt would end a further worker. */
const MAX_LOST = 3;
/** Maximum wait before the last of these attempts. */
const MAX_DELAY_MS = 20_000;

/** What heartbeats say about the attempts so far. */
const attemptsSchema = z.object({
  /** Attempts whose worker, or the process that it started, ended without a word. */
  lostWorkers: z.int().nonnegative(),
  /** Whether the attempt has failed by itself. */
  hasFailed: z.boolean().optional(),
});

/** A step has ended all workers that tried it. */
export class WorkerLost extends Error {
  override readonly name = 'WorkerLost';
}

/**
 * Runs a step that reads data of users, and sends heartbeats. Data may end the process that reads it, and Temporal would
 * give the step to one worker after another. Heartbeats therefore count the attempts whose worker vanished.
 * @throws WorkerLost if three attempts ended with their worker
 */
export async function whileCountingLostWorkers<T>(
  work: (report: (counts: HeartbeatCounts) => void) => Promise<T>,
): Promise<T> {
  const { heartbeatDetails, activityType } = activityInfo();
  const lostWorkers = lostSoFar(heartbeatDetails);
  if (lostWorkers >= MAX_LOST) throw tooManyLost(activityType, lostWorkers);
  heartbeat({ lostWorkers });
  try {
    return await whileHeartbeating(
      async (report) => {
        // Other steps that ran on the same workers were lost too. Without a delay they would be so again.
        if (lostWorkers === MAX_LOST - 1) await delay();
        return await work((counts) => report({ ...counts, lostWorkers }));
      },
      { lostWorkers },
    );
  } catch (error) {
    // If the process that the step started was killed, the data may have done that. The SDK sends this heartbeat before
    // the failure.
    if (!(error instanceof ProcessLost)) heartbeat({ lostWorkers, hasFailed: true });
    throw error;
  }
}

async function delay(): Promise<void> {
  await setTimeout(Math.random() * MAX_DELAY_MS, undefined, { signal: cancellationSignal() });
}

function lostSoFar(details: unknown): number {
  const last = attemptsSchema.safeParse(details).data;
  if (last === undefined) return 0;
  return last.hasFailed ? last.lostWorkers : last.lostWorkers + 1;
}

function tooManyLost(step: string, count: number): WorkerLost {
  return new WorkerLost(
    `The process that ran the step ${step} ended unexpectedly ${count} times, so the step is not tried again. Look for the reason in the workers' logs, such as too little memory, then ingest the archive again.`,
  );
}
