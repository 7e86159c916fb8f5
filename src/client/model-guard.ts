import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import {
  KEEP_MODEL_SIGNAL,
  type StopModelInput,
  stopModelWorkflowId,
  TASK_QUEUE,
} from '../contracts/workflow-io.js';

type Model = StopModelInput['model'];

/** Starts and ends the workflows that stop a running model whatever happens to who started it. */
export class ModelGuard {
  constructor(private readonly temporal: Client) {}

  /** Has the model stopped at `until` (milliseconds since 1970), or later where it is guarded for longer already. */
  async keepUntil(model: Model, until: number): Promise<string> {
    const input: StopModelInput = { model, until };
    const handle = await this.temporal.workflow.signalWithStart('stopModel', {
      taskQueue: TASK_QUEUE,
      workflowId: stopModelWorkflowId(model),
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      args: [input],
      signal: KEEP_MODEL_SIGNAL,
      signalArgs: [until],
      staticSummary: `stops ${model.modelVersion} of ${model.dataset}`.slice(0, 200),
    });
    return handle.workflowId;
  }

  /** The same for a model that runs already; false where nothing guards it, since then it isn't ours to stop. */
  async extend(model: Model, until: number): Promise<boolean> {
    return await this.ifThere(() =>
      this.temporal.workflow.getHandle(stopModelWorkflowId(model)).signal(KEEP_MODEL_SIGNAL, until),
    );
  }

  /** Ends the guard of a model that has been stopped. */
  async release(model: Model): Promise<void> {
    await this.ifThere(() => this.temporal.workflow.getHandle(stopModelWorkflowId(model)).cancel());
  }

  private async ifThere(call: () => Promise<unknown>): Promise<boolean> {
    try {
      await call();
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  }
}
