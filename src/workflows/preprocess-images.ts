import { CancellationScope, continueAsNew, patched, setHandler } from '@temporalio/workflow';
import type { ReusedResults, VersionRef } from '../activities/interface.js';
import type { PreprocessInput, PreprocessProgress } from '../contracts/workflow-io.js';
import { dataset, images } from './activities.js';
import { preprocessProgress, preprocessProgressQuery, preprocessReady } from './messages.js';
import { signalParent } from './parent.js';

/** Maximum batches in flight; workers take them as slots become free. */
const WINDOW = 32;
/** A batch makes about 4 events, so a history stays near 4,000 events of the 51,200 that Temporal allows. */
const BATCHES_PER_RUN = 1000;
const SIGNAL_INTERVAL_MS = 60_000;

/**
 * Preprocesses all batches of a plan through a sliding window, unless earlier results hold for all of them. After 1,000 batches it drains the window and continues
 * as new: an activity that still ran then would have no workflow to report to. It signals its progress to its parent,
 * at most once per minute, and `preprocessReady` at the end.
 */
export async function preprocessImages(input: PreprocessInput): Promise<PreprocessProgress> {
  const done = { ...input.done };
  setHandler(preprocessProgressQuery, () => done);
  const signalProgress = progressSignaller();

  const reused = await reuseResults(input);
  if (reused?.batches === input.batches) {
    return await complete(input, { images: reused.images, rejected: reused.rejected });
  }

  const end = Math.min(input.batches, input.nextBatch + BATCHES_PER_RUN);
  await slidingWindow(input.nextBatch, end, async (batch) => {
    const result = await images(`Batch ${batch + 1} of ${input.batches}`).preprocessBatch({
      ...versionOf(input),
      upload: input.upload,
      settings: input.settings,
      batch,
    });
    done.images += result.images;
    done.rejected += result.rejected;
    await signalProgress(done);
  });
  if (end < input.batches) {
    return await continueAsNew<typeof preprocessImages>({ ...input, nextBatch: end, done });
  }
  return await complete(input, done);
}

/** Looks for earlier results once, before the first batch. Null in runs that earlier versions started. */
async function reuseResults(input: PreprocessInput): Promise<ReusedResults | null> {
  if (input.nextBatch > 0 || !patched('reuse-results')) return null;
  return await dataset('Look for results of earlier versions').reuseResults({
    ...versionOf(input),
    batches: input.batches,
    settings: input.settings,
  });
}

async function complete(input: PreprocessInput, done: PreprocessProgress): Promise<PreprocessProgress> {
  await dataset('Write _READY').markReady({ ...versionOf(input), batches: input.batches });
  await signalParent(preprocessReady, done);
  return done;
}

const versionOf = ({ upload, dataset: name, version }: PreprocessInput): VersionRef => ({
  bucket: upload.bucket,
  dataset: name,
  version,
});

/** Runs `task` for each index, WINDOW at a time. A failure cancels the others, and is thrown after they have ended. */
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

/** Signals are history events of the parent, so they are limited to one per minute. */
function progressSignaller(): (done: PreprocessProgress) => Promise<void> {
  let lastSent = Date.now();
  return async (done) => {
    if (Date.now() - lastSent < SIGNAL_INTERVAL_MS) return;
    lastSent = Date.now();
    await signalParent(preprocessProgress, { ...done });
  };
}
