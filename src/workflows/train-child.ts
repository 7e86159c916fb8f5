import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  CancellationScope,
  CancelledFailure,
  condition,
  getExternalWorkflowHandle,
  ParentClosePolicy,
  setHandler,
  startChild,
  WorkflowIdReusePolicy,
} from '@temporalio/workflow';
import {
  type TrainInput,
  type TrainingStarted,
  type TrainResult,
  trainWorkflowId,
} from '../contracts/workflow-io.js';
import { poller } from './activities.js';
import { trainingEnded, trainingStarted } from './messages.js';
import { trainModel } from './train-model.js';

/** The ingest run's side of a training: its own child workflow, or the one that an earlier run left running. */
export class TrainChild {
  private started: TrainingStarted | null = null;

  /**
   * @param onStarted is called once the service has accepted the training
   * @param onEnded is called once the training has ended, before its evaluation is read
   */
  constructor(onStarted: (started: TrainingStarted) => void, onEnded: () => void) {
    setHandler(trainingStarted, (started) => {
      this.started = started;
      onStarted(started);
    });
    setHandler(trainingEnded, onEnded);
  }

  /** Trains a model version and returns the result. `cancelOrDetach` handles a cancellation during the training. */
  async train(input: TrainInput): Promise<TrainResult> {
    const workflowId = trainWorkflowId(input.dataset, input.modelVersion);
    // The run's cancellation must not reach the child directly: `cancelOrDetach` decides.
    const child = await CancellationScope.nonCancellable(() => startTrainModel(workflowId, input));
    if (child === 'already-running')
      return await poller('Join the running training').joinTraining(workflowId);

    const end: { settled: boolean } = { settled: false };
    const result = CancellationScope.nonCancellable(() => child.result()).finally(() => {
      end.settled = true;
    });
    // The result is not awaited after a cancellation; a later failure must not fail this run.
    result.catch(() => undefined);
    try {
      return await Promise.race([result, CancellationScope.current().cancelRequested]);
    } catch (error) {
      if (error instanceof CancelledFailure) await this.cancelOrDetach(workflowId, () => end.settled);
      throw error;
    }
  }

  /**
   * Cancels a training that the service has not accepted yet. An accepted training cannot be stopped: its child
   * workflow is left to complete the model card, and the message says so.
   */
  private async cancelOrDetach(workflowId: string, ended: () => boolean): Promise<void> {
    await CancellationScope.nonCancellable(async () => {
      if (!this.started) {
        await getExternalWorkflowHandle(workflowId).cancel();
        await condition(() => this.started !== null || ended());
      }
    });
    if (this.started) {
      throw new CancelledFailure(
        `Cancelled. The training ${this.started.projectVersionArn} cannot be stopped and continues; the workflow ${workflowId} will write its model card.`,
      );
    }
  }
}

async function startTrainModel(workflowId: string, input: TrainInput) {
  try {
    return await startChild(trainModel, {
      workflowId,
      parentClosePolicy: ParentClosePolicy.ABANDON,
      // Training the same content again costs one call: the service's model version is adopted.
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      staticSummary: `model version ${input.modelVersion}`,
      args: [input],
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return 'already-running';
    throw error;
  }
}
