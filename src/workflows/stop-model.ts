import { condition, isCancellation, setHandler, sleep } from '@temporalio/workflow';
import type { StopModelInput } from '../contracts/workflow-io.js';
import { poller } from './activities.js';
import { keepModelUntil } from './messages.js';

/** Interval between attempts to stop a model: time to renew expired credentials. */
const RETRY_INTERVAL = '5 minutes';
/** A little over a day. */
const MAX_ATTEMPTS = 300;

/**
 * The guard of a running model, which is billed per hour: stops the model at `until`, even if the machine that
 * started it is gone. The signal `keepModelUntil` postpones the stop. The guard is cancelled when the model was
 * stopped earlier.
 */
export async function stopModel(input: StopModelInput): Promise<void> {
  let until = input.until;
  setHandler(keepModelUntil, (later) => {
    until = Math.max(until, later);
  });
  while (Date.now() < until) {
    const current = until;
    await condition(() => until !== current, until - Date.now(), { summary: 'Model may run until then' });
  }
  for (let attempt = 1; ; attempt++) {
    try {
      return await poller('Stop the model').stopModelVersion(input.model);
    } catch (error) {
      if (isCancellation(error) || attempt === MAX_ATTEMPTS) throw error;
      await sleep(RETRY_INTERVAL, { summary: 'Retry stopping the model' });
    }
  }
}
