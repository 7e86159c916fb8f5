import { ActivityCancellationType, type ActivityOptions, proxyActivities } from '@temporalio/workflow';
import type {
  DatasetActivities,
  ImageActivities,
  LedgerActivities,
  SweepActivities,
  TrainingActivities,
} from '../activities/interface.js';
import { IMAGE_TASK_QUEUE } from '../contracts/workflow-io.js';

/** Activities of one kind; each call says in a few words what it does, which the Temporal UI shows. */
function summarised<T>(options: ActivityOptions) {
  return (summary: string) => proxyActivities<T>({ ...options, summary });
}

/** Small reads and writes. A ledger that can't be written within 15 minutes shouldn't keep a run open for ever. */
export const ledger = summarised<LedgerActivities>({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '15 minutes',
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
});

/** Passes over a whole dataset: minutes at a million images, and heartbeating all the way. */
export const dataset = summarised<DatasetActivities>({
  startToCloseTimeout: '2 hours',
  heartbeatTimeout: '30 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '1 second', maximumInterval: '1 minute', maximumAttempts: 20 },
});

/**
 * A batch is 128 images at most and heartbeats after each, so that a killed worker's batch is taken up again
 * within seconds. Attempts aren't counted: the READY wait decides when a batch that keeps failing has stalled.
 */
export const images = summarised<ImageActivities>({
  taskQueue: IMAGE_TASK_QUEUE,
  startToCloseTimeout: '1 hour',
  heartbeatTimeout: '10 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '1 second', maximumInterval: '30 seconds' },
});

type LongActivity = 'awaitTraining' | 'joinTraining' | 'stopModelVersion';

/** Calls of the service's control plane. It throttles, so attempts are many and intervals long. */
export const trainer = summarised<Omit<TrainingActivities, LongActivity>>({
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '15 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '2 seconds', maximumInterval: '1 minute', maximumAttempts: 30 },
});

/**
 * The polls: one activity for hours. The deadline is the activity's own, counted from the service's
 * CreationTimestamp, so the timeout here only has to be longer than any of them.
 */
export const poller = summarised<Pick<TrainingActivities, LongActivity>>({
  startToCloseTimeout: '14 days',
  heartbeatTimeout: '2 minutes',
  retry: { initialInterval: '2 seconds', maximumInterval: '1 minute' },
});

/** Minutes at most; the next sweep comes soon, so that one which keeps failing is given up. */
export const sweep = summarised<SweepActivities>({
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '30 seconds',
  retry: { initialInterval: '2 seconds', maximumInterval: '30 seconds', maximumAttempts: 3 },
});
