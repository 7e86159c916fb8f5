import {
  CancellationScope,
  condition,
  ParentClosePolicy,
  setHandler,
  startChild,
  workflowInfo,
} from '@temporalio/workflow';
import type { Inspection } from '../activities/interface.js';
import { type IngestInput, type PreprocessProgress, preprocessWorkflowId } from '../contracts/workflow-io.js';
import { failure } from './failures.js';
import { preprocessProgress, preprocessReady } from './messages.js';
import { preprocessImages } from './preprocess-images.js';

/** Listens from the start: an external preprocessor may be faster than the inspection. */
export class ReadyWait {
  private ready = false;
  private heard = 0;

  constructor(private readonly onProgress: (progress: PreprocessProgress) => void) {
    setHandler(preprocessProgress, (progress) => this.hear(progress));
    setHandler(preprocessReady, (progress) => {
      this.ready = true;
      this.hear(progress);
    });
  }

  /** Waits for the signal `preprocessReady`; each `preprocessProgress` re-arms the timer. */
  async untilReady(waitSecs: number, failed: () => boolean = () => false): Promise<void> {
    while (!this.ready && !failed()) {
      const heard = this.heard;
      const moved = await condition(() => this.ready || failed() || this.heard !== heard, waitSecs * 1000, {
        summary: `READY wait, ${waitSecs} s`,
      });
      if (!moved) {
        throw failure(
          'PreprocessNotReady',
          `Preprocessing made no progress for ${waitSecs} s (WAIT_PREPROC_READY_SECS). ` +
            'See the pending activities of its workflow for the cause, then ingest the archive again; finished batches are kept.',
        );
      }
    }
  }

  private hear(progress: PreprocessProgress): void {
    this.heard += 1;
    this.onProgress(progress);
  }
}

/** Preprocesses in a child workflow, or waits for the system that does it (PREPROCESS=external). */
export async function preprocess(input: IngestInput, inspection: Inspection, wait: ReadyWait): Promise<void> {
  const { waitPreprocReadySecs } = input.run;
  if (input.run.preprocess === 'external') return await wait.untilReady(waitPreprocReadySecs);

  const scope = new CancellationScope();
  const child: { error?: unknown; ended: boolean } = { ended: false };
  const childEnd = scope
    .run(() => runChild(input, inspection))
    .catch((error: unknown) => {
      child.error = error;
    })
    .finally(() => {
      child.ended = true;
    });
  try {
    await wait.untilReady(waitPreprocReadySecs, () => child.error !== undefined);
  } catch (error) {
    scope.cancel();
    await CancellationScope.nonCancellable(() => childEnd);
    throw error;
  }
  await childEnd;
  if (child.error !== undefined) throw child.error;
}

async function runChild(input: IngestInput, inspection: Inspection): Promise<void> {
  const child = await startChild(preprocessImages, {
    workflowId: preprocessWorkflowId(input.dataset, workflowInfo().runId),
    parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    staticSummary: `${inspection.images} images, batches: ${inspection.batches}`,
    args: [
      {
        dataset: input.dataset,
        upload: input.upload,
        settings: input.settings,
        version: inspection.version,
        batches: inspection.batches,
        nextBatch: 0,
        done: { images: 0, rejected: 0 },
      },
    ],
  });
  await child.result();
}
