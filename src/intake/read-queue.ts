import { setTimeout as delay } from 'node:timers/promises';
import type { Message } from '@aws-sdk/client-sqs';
import { errorMessage } from '../lib/error-message.js';
import type { EventQueue } from './event-queue.js';
import type { Announced, Intake } from './intake.js';
import { parseS3Events, UnknownEventError } from './s3-events.js';

const PAUSE_MS = 5_000;

export interface QueueLog {
  /** What became of an event. */
  readonly announced: (announced: Announced) => void;
  /** What a person should look at. */
  readonly trouble: (message: string) => void;
}

/**
 * Reads events until `signal` aborts. A message is removed once each of its events has started a run or was left
 * alone for a reason; what can't be read, and what nobody could answer for, comes again until the queue's redrive
 * policy takes it away.
 */
export async function readQueue(
  queue: Pick<EventQueue, 'receive' | 'remove'>,
  intake: Pick<Intake, 'hear'>,
  log: QueueLog,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      for (const message of await queue.receive(signal)) await handle(message, queue, intake, log);
    } catch (error) {
      if (signal.aborted) return;
      log.trouble(`The queue does not answer: ${errorMessage(error)} Trying again.`);
      await delay(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function handle(
  message: Message,
  queue: Pick<EventQueue, 'remove'>,
  intake: Pick<Intake, 'hear'>,
  log: QueueLog,
): Promise<void> {
  try {
    for (const event of parseS3Events(jsonOf(message.Body ?? ''))) log.announced(await intake.hear(event));
  } catch (error) {
    log.trouble(`Message ${message.MessageId} is left to the queue: ${errorMessage(error)}`);
    return;
  }
  await queue.remove(message);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UnknownEventError('It is not JSON.');
  }
}
