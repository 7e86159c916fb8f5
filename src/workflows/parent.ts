import type { SignalDefinition } from '@temporalio/common';
import { getExternalWorkflowHandle, isCancellation, workflowInfo } from '@temporalio/workflow';

/**
 * Signals the parent run of a child workflow; does nothing without a parent.
 * Rejects if the parent has ended.
 */
export async function signalParent<Args extends unknown[]>(
  signal: SignalDefinition<Args>,
  ...args: Args
): Promise<void> {
  const { parent } = workflowInfo();
  if (!parent) return;
  await getExternalWorkflowHandle(parent.workflowId, parent.runId).signal(signal, ...args);
}

/** Signals the parent run of a child that may outlive it: a parent that has ended is ignored. */
export async function signalParentIfOpen<Args extends unknown[]>(
  signal: SignalDefinition<Args>,
  ...args: Args
): Promise<void> {
  try {
    await signalParent(signal, ...args);
  } catch (error) {
    if (isCancellation(error)) throw error;
  }
}
