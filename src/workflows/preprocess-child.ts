import { CancellationScope, ParentClosePolicy, startChild, workflowInfo } from '@temporalio/workflow';
import type { Inspection } from '../activities/interface.js';
import { type IngestInput, preprocessWorkflowId } from '../contracts/workflow-io.js';
import { plural } from '../lib/plural.js';
import { preprocessImages } from './preprocess-images.js';
import type { ReadyWait } from './ready-wait.js';

/**
 * Preprocesses in a child workflow, or waits for an external preprocessor (PREPROCESS=external).
 * A wait that fails or is cancelled cancels the child, and ends after it.
 */
export async function preprocess(input: IngestInput, inspection: Inspection, wait: ReadyWait): Promise<void> {
  const { waitPreprocReadySecs } = input.run;
  if (input.run.preprocess === 'external') return await wait.untilReady(waitPreprocReadySecs);

  const scope = new CancellationScope();
  const child: { error?: unknown } = {};
  const childEnd = scope
    .run(() => runChild(input, inspection))
    .catch((error: unknown) => {
      child.error = error;
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
    staticSummary: `${plural(inspection.images, 'image')} in ${plural(inspection.batches, 'batch')}`,
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
