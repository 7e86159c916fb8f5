import {
  CancellationScope,
  continueAsNew,
  getExternalWorkflowHandle,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { PreprocessInput, PreprocessProgress } from '../contracts/workflow-io.js';
import { dataset, images } from './activities.js';
import { preprocessProgress, preprocessProgressQuery, preprocessReady } from './messages.js';

/** Batches in flight; workers take them as they have slots. */
const WINDOW = 32;
/** About 4 events a batch, so that a run's history stays near 4,000 events of the 51,200 allowed. */
const BATCHES_PER_RUN = 1000;
const SIGNAL_INTERVAL_MS = 60_000;

/**
 * Preprocesses every batch of the plan through a sliding window, continuing as new with the window drained:
 * an activity that still ran then would become a zombie. Tells its parent at most once a minute how far it is.
 */
export async function preprocessImages(input: PreprocessInput): Promise<PreprocessProgress> {
  const done = { ...input.done };
  setHandler(preprocessProgressQuery, () => done);
  const tellParent = parentTeller();

  const end = Math.min(input.batches, input.nextBatch + BATCHES_PER_RUN);
  await slidingWindow(input.nextBatch, end, async (batch) => {
    const result = await images(`batch ${batch + 1} of ${input.batches}`).preprocessBatch({
      bucket: input.upload.bucket,
      dataset: input.dataset,
      version: input.version,
      upload: input.upload,
      settings: input.settings,
      batch,
    });
    done.images += result.images;
    done.rejected += result.rejected;
    await tellParent(done);
  });
  if (end < input.batches) {
    return await continueAsNew<typeof preprocessImages>({ ...input, nextBatch: end, done });
  }

  const { bucket } = input.upload;
  await dataset('writes _READY').markReady({
    bucket,
    dataset: input.dataset,
    version: input.version,
    batches: input.batches,
  });
  await signalParent((parent) => parent.signal(preprocessReady, done));
  return done;
}

/** Runs `task` for each index, at most WINDOW at a time. A failure cancels the rest and waits until they are gone. */
async function slidingWindow(
  start: number,
  end: number,
  task: (index: number) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  const scope = new CancellationScope({ cancellable: true });
  try {
    await scope.run(async () => {
      for (let index = start; index < end; index++) {
        if (running.size >= WINDOW) await Promise.race(running);
        const promise = task(index).finally(() => running.delete(promise));
        running.add(promise);
      }
      await Promise.all(running);
    });
  } catch (error) {
    scope.cancel();
    await CancellationScope.nonCancellable(() => Promise.allSettled(running));
    throw error;
  }
}

function parentTeller(): (done: PreprocessProgress) => Promise<void> {
  let last = Date.now();
  return async (done) => {
    if (Date.now() - last < SIGNAL_INTERVAL_MS) return;
    last = Date.now();
    await signalParent((parent) => parent.signal(preprocessProgress, { ...done }));
  };
}

type ParentHandle = ReturnType<typeof getExternalWorkflowHandle>;

async function signalParent(send: (parent: ParentHandle) => Promise<void>): Promise<void> {
  const { parent } = workflowInfo();
  if (parent) await send(getExternalWorkflowHandle(parent.workflowId, parent.runId));
}
