import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProjectVersionDescription } from '@aws-sdk/client-rekognition';
import type { TrainingHeartbeat } from '../contracts/training-heartbeat.js';
import { codesOfMessage } from '../custom-labels/rules.js';
import { durationText } from '../lib/duration-text.js';
import { sentence } from '../lib/error-message.js';
import { TrainingError } from './errors.js';

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const realClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => delay(ms, undefined, { signal }),
};

/** Polls start at one second, for the emulator, and slow down to one per minute, for trainings of hours. */
const FIRST_POLL_MS = 1_000;
const MAX_POLL_MS = 60_000;
/** Maximum time between heartbeats, independent of the polls. */
const HEARTBEAT_MS = 15_000;

/**
 * Polls until the training has ended and returns its description. Elapsed time is measured from the service's
 * CreationTimestamp, so it stays correct when another worker continues polling. Outages and expired credentials are
 * waited out, because the training continues and is billed; each heartbeat then has the reason.
 * @throws TrainingError `TrainingFailed` or `TrainingTimeout`
 */
export async function awaitTraining(options: {
  readonly projectVersionArn: string;
  readonly describe: () => Promise<ProjectVersionDescription>;
  readonly clock: Clock;
  readonly heartbeat: (details: TrainingHeartbeat) => void;
  readonly timeoutSecs: number;
  readonly signal: AbortSignal;
}): Promise<ProjectVersionDescription> {
  const { projectVersionArn, clock, heartbeat, timeoutSecs, signal } = options;
  let created = clock.now();
  let last: TrainingHeartbeat = { projectVersionArn, status: 'UNKNOWN', elapsedSecs: 0 };
  for (let poll = FIRST_POLL_MS; ; poll = Math.min(MAX_POLL_MS, poll * 1.5)) {
    const { version, failed } = await describeOrRetry(options.describe);
    // Jitter keeps the polls of many trainings apart.
    const pause = Math.round(poll * (0.8 + Math.random() * 0.4));
    created = version?.CreationTimestamp?.getTime() ?? created;
    last = {
      projectVersionArn,
      status: version?.Status ?? last.status,
      elapsedSecs: Math.round((clock.now() - created) / 1000),
      ...(failed ? { problem: problemOf(failed, projectVersionArn, clock.now() + pause) } : {}),
    };
    heartbeat(last);
    if (version && hasEnded(version)) return version;
    if (last.elapsedSecs > timeoutSecs) throw timedOut(last);
    await sleepWithHeartbeats(pause, clock, signal, () => heartbeat(last));
  }
}

function hasEnded(version: ProjectVersionDescription): boolean {
  if (version.Status === 'TRAINING_FAILED') {
    throw new TrainingError(
      'TrainingFailed',
      `The training ${version.ProjectVersionArn} failed: ${reasonOf(version.StatusMessage)} To train again, use --retry-training.`,
    );
  }
  return version.Status !== 'TRAINING_IN_PROGRESS';
}

/** The service's status message with the codes that it stands for; the message itself has none. */
function reasonOf(message: string | undefined): string {
  if (!message) return 'the service gave no reason.';
  const codes = codesOfMessage(message);
  const text = sentence(message);
  return codes.length === 0 ? text : `${text} (${codes.join(', ')}.)`;
}

function timedOut({ projectVersionArn, elapsedSecs, problem }: TrainingHeartbeat): TrainingError {
  const last = problem ? ` The last poll failed: ${problem.reason}` : '';
  return new TrainingError(
    'TrainingTimeout',
    `The training ${projectVersionArn} has taken ${durationText(elapsedSecs)}, longer than TRAINING_TIMEOUT. Rekognition cannot stop it and it may still complete. To wait for it again, use \`curator attach\` or ingest the same archive again; if it still trains, with a longer TRAINING_TIMEOUT.${last}`,
  );
}

/** Returns throttling, outages and expired credentials, since they do not mean that the training has failed. */
async function describeOrRetry(
  describe: () => Promise<ProjectVersionDescription>,
): Promise<{ version?: ProjectVersionDescription; failed?: TrainingError }> {
  try {
    return { version: await describe() };
  } catch (error) {
    if (error instanceof TrainingError && (error.retryable || error.needsLogin)) return { failed: error };
    throw error;
  }
}

function problemOf(failed: TrainingError, arn: string, next: number) {
  const nextAttempt = new Date(next).toISOString();
  if (!failed.needsLogin) return { reason: failed.message, nextAttempt };
  const [, , , region, account] = arn.split(':');
  const login = `The training continues and is billed. It belongs to the account ${account} in ${region}: renew the credentials of the worker on ${hostname()}. Restart the worker if its credentials come from environment variables or have no expiry.`;
  return { reason: `${failed.message} ${login}`, nextAttempt };
}

async function sleepWithHeartbeats(
  ms: number,
  clock: Clock,
  signal: AbortSignal,
  beat: () => void,
): Promise<void> {
  for (let left = ms; left > 0; left -= HEARTBEAT_MS) {
    await clock.sleep(Math.min(left, HEARTBEAT_MS), signal);
    beat();
  }
}
