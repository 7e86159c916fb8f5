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

/** The ingest run's side of a training: its own child, or one that an earlier run left behind. */
export class TrainChild {
  private started: TrainingStarted | null = null;

  constructor(onStarted: (started: TrainingStarted) => void, onEnded: () => void) {
    setHandler(trainingStarted, (started) => {
      this.started = started;
      onStarted(started);
    });
    setHandler(trainingEnded, onEnded);
  }

  async train(input: TrainInput): Promise<TrainResult> {
    const workflowId = trainWorkflowId(input.dataset, input.modelVersion);
    // The child is kept out of the run's cancellation: what may be cancelled is decided below.
    const child = await CancellationScope.nonCancellable(() => startTrainModel(workflowId, input));
    if (child === 'already-running')
      return await poller('joins the training that runs').joinTraining(workflowId);

    const end: { settled: boolean } = { settled: false };
    const result = CancellationScope.nonCancellable(() => child.result()).finally(() => {
      end.settled = true;
    });
    // Cancelled, this is left behind unawaited; its failure then is the child's own affair.
    result.catch(() => undefined);
    try {
      return await Promise.race([result, CancellationScope.current().cancelRequested]);
    } catch (error) {
      if (error instanceof CancelledFailure) await this.letGo(workflowId, () => end.settled);
      throw error;
    }
  }

  /** Stops a training that the service hasn't accepted yet; leaves one that it has to run to its model card. */
  private async letGo(workflowId: string, ended: () => boolean): Promise<void> {
    await CancellationScope.nonCancellable(async () => {
      if (!this.started) {
        await getExternalWorkflowHandle(workflowId).cancel();
        await condition(() => this.started !== null || ended());
      }
    });
    if (this.started) {
      throw new CancelledFailure(
        `Cancelled. The training ${this.started.projectVersionArn} can't be stopped and goes on; its model card is written by the workflow ${workflowId}.`,
      );
    }
  }
}

async function startTrainModel(workflowId: string, input: TrainInput) {
  try {
    return await startChild(trainModel, {
      workflowId,
      parentClosePolicy: ParentClosePolicy.ABANDON,
      // Training the same content again is one look at the service: the model version is adopted.
      workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
      staticSummary: `model version ${input.modelVersion}`,
      args: [input],
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return 'already-running';
    throw error;
  }
}
