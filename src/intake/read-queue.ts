import { setTimeout as delay } from 'node:timers/promises';
import type { Message } from '@aws-sdk/client-sqs';
import { errorMessage } from '../lib/error-message.js';
import type { EventQueue } from './event-queue.js';
import type { Intake, IntakeResult } from './intake.js';
import { parseS3Events, UnknownEventError } from './s3-events.js';

const RETRY_MS = 5_000;

/** Receives what the queue reader did. */
export interface QueueLog {
  /** Called with the result of each event. */
  readonly handled: (result: IntakeResult) => void;
  /** Called with each problem that a person should look at. */
  readonly problem: (message: string) => void;
}

/**
 * Reads events from the queue until `signal` aborts. A message is removed once all its events have a result. A message
 * that cannot be parsed, or whose run cannot be started now, stays in the queue: it is delivered again until the queue's
 * redrive policy moves it away.
 */
export async function readQueue(
  queue: Pick<EventQueue, 'receive' | 'remove'>,
  intake: Pick<Intake, 'onEvent'>,
  log: QueueLog,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      for (const message of await queue.receive(signal)) await handle(message, queue, intake, log);
    } catch (error) {
      if (signal.aborted) return;
      log.problem(`The queue does not respond: ${errorMessage(error)} Retrying.`);
      await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function handle(
  message: Message,
  queue: Pick<EventQueue, 'remove'>,
  intake: Pick<Intake, 'onEvent'>,
  log: QueueLog,
): Promise<void> {
  try {
    for (const event of parseS3Events(jsonOf(message.Body ?? ''))) log.handled(await intake.onEvent(event));
  } catch (error) {
    log.problem(`Message ${message.MessageId} stays in the queue: ${errorMessage(error)}`);
    return;
  }
  await queue.remove(message);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UnknownEventError('The message is not JSON.');
  }
}
