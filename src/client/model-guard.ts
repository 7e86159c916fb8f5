import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import {
  KEEP_MODEL_SIGNAL,
  type StopModelInput,
  stopModelWorkflowId,
  TASK_QUEUE,
} from '../contracts/workflow-io.js';

type Model = StopModelInput['model'];

/** Controls the workflow `stopModel`, which stops a running model even if the process that started it is gone. */
export class ModelGuard {
  constructor(private readonly temporal: Client) {}

  /**
   * Starts the guard of a model, or extends an existing one: the model is stopped at `until`, in milliseconds since 1970,
   * or later if the guard already allows that. Returns the guard's workflow id.
   */
  async keepUntil(model: Model, until: number): Promise<string> {
    const input: StopModelInput = { model, until };
    const handle = await this.temporal.workflow.signalWithStart('stopModel', {
      taskQueue: TASK_QUEUE,
      workflowId: stopModelWorkflowId(model),
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      args: [input],
      signal: KEEP_MODEL_SIGNAL,
      signalArgs: [until],
      staticSummary: `Stop ${model.modelVersion} of ${model.dataset}`.slice(0, 200),
    });
    return handle.workflowId;
  }

  /** Extends an existing guard to `until`. Returns false if the model has none; Curator did not start it then. */
  async extend(model: Model, until: number): Promise<boolean> {
    return await this.ifGuarded(() =>
      this.temporal.workflow.getHandle(stopModelWorkflowId(model)).signal(KEEP_MODEL_SIGNAL, until),
    );
  }

  /** Cancels the guard of a model that has been stopped. */
  async release(model: Model): Promise<void> {
    await this.ifGuarded(() => this.temporal.workflow.getHandle(stopModelWorkflowId(model)).cancel());
  }

  private async ifGuarded(call: () => Promise<unknown>): Promise<boolean> {
    try {
      await call();
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  }
}
