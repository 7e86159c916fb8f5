import { condition, isCancellation, setHandler, sleep } from '@temporalio/workflow';
import type { StopModelInput } from '../contracts/workflow-io.js';
import { poller } from './activities.js';
import { keepModelUntil } from './messages.js';

/** Between attempts to stop a model; credentials that have expired may be renewed meanwhile. */
const RETRY = '5 minutes';
const MAX_ATTEMPTS = 300;

/**
 * The guard of a running model, which costs money by the hour: stops it when its time is over, wherever the
 * machine is that started it. Cancelled once somebody has stopped the model before.
 */
export async function stopModel(input: StopModelInput): Promise<void> {
  let until = input.until;
  setHandler(keepModelUntil, (later) => {
    until = Math.max(until, later);
  });
  while (Date.now() < until) {
    const now = until;
    await condition(() => until !== now, until - Date.now(), { summary: 'the model may run' });
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await poller('stops the model').stopModelVersion(input.model);
    } catch (error) {
      if (isCancellation(error) || attempt === MAX_ATTEMPTS) throw error;
      await sleep(RETRY, { summary: 'tries again to stop the model' });
    }
  }
}
