import {
  ActivityCancellationType,
  type ActivityOptions,
  proxyActivities,
  type RetryPolicy,
} from '@temporalio/workflow';
import type {
  CrossValidationActivities,
  DatasetActivities,
  ImageActivities,
  LedgerActivities,
  SweepActivities,
  TrainingActivities,
} from '../activities/interface.js';
import { IMAGE_TASK_QUEUE } from '../contracts/workflow-io.js';

/** Small objects in S3: retry quickly. The schedule-to-close timeout limits the attempts. */
const RETRY_SMALL_OBJECT: RetryPolicy = { initialInterval: '1 second', maximumInterval: '30 seconds' };

/** A pass over a dataset costs minutes: an error that persists for 20 attempts is a fault, not an outage. */
const RETRY_DATASET_PASS: RetryPolicy = {
  initialInterval: '1 second',
  maximumInterval: '1 minute',
  maximumAttempts: 20,
};

/** Unlimited attempts: the READY wait decides when a batch that keeps failing has stalled. */
const RETRY_UNTIL_STALLED: RetryPolicy = { initialInterval: '1 second', maximumInterval: '30 seconds' };

/** The service's control plane throttles: many attempts at long intervals. */
const RETRY_THROTTLED_SERVICE: RetryPolicy = {
  initialInterval: '2 seconds',
  maximumInterval: '1 minute',
  maximumAttempts: 30,
};

/** Unlimited attempts: a poll must outlast any outage, because the training continues and is billed. */
const RETRY_POLL: RetryPolicy = { initialInterval: '2 seconds', maximumInterval: '1 minute' };

/** Maximum of five attempts: after that, a person can start it again. */
const RETRY_CROSS_VALIDATION: RetryPolicy = {
  initialInterval: '2 seconds',
  maximumInterval: '1 minute',
  maximumAttempts: 5,
};

/** Three attempts: the schedule starts the next sweep within minutes. */
const RETRY_UNTIL_NEXT_SWEEP: RetryPolicy = {
  initialInterval: '2 seconds',
  maximumInterval: '30 seconds',
  maximumAttempts: 3,
};

/** The longest wait for a person who renews credentials. */
const LONGEST_WAIT = '14 days';

/** Activities that share their options. Each call states its purpose, which the Temporal UI shows. */
function summarised<T>(options: ActivityOptions) {
  return (summary: string) => proxyActivities<T>({ ...options, summary });
}

/** Small reads and writes. A ledger that cannot be written for 15 minutes fails the run. */
export const ledger = summarised<LedgerActivities>({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '15 minutes',
  retry: RETRY_SMALL_OBJECT,
});

/** The end of a run with a paid training: its result must not be lost, so it outlasts outages and expired credentials. */
export const paidLedger = summarised<LedgerActivities>({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: LONGEST_WAIT,
  retry: RETRY_POLL,
});

type Curating = 'convertManifest' | 'validateDataset';

/**
 * Passes over a whole dataset: minutes for a million images. A pass sends heartbeats every 5 seconds; the plan of another
 * dataset that is received from its inspection can occupy the worker's main thread for some seconds.
 */
const DATASET_PASS = {
  startToCloseTimeout: '2 hours',
  heartbeatTimeout: '30 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: RETRY_DATASET_PASS,
} satisfies ActivityOptions;

export const dataset = summarised<Omit<DatasetActivities, Curating>>(DATASET_PASS);

/**
 * Passes that compute over `images` images. Workers of earlier versions do so in their main thread, which sends no
 * heartbeat meanwhile: up to 0.2 ms per image on an idle machine, and several times as long on a busy one.
 */
export function curating(summary: string, images: number): Pick<DatasetActivities, Curating> {
  const heartbeatTimeout = `${30 + Math.ceil(images / 1000)} seconds` as const;
  return proxyActivities<Pick<DatasetActivities, Curating>>({ ...DATASET_PASS, heartbeatTimeout, summary });
}

/**
 * Batches of a maximum of 128 images, with a heartbeat every 5 seconds, so that the batch of a killed worker is retried
 * within seconds and an image that takes long does not look like a killed worker.
 */
export const images = summarised<ImageActivities>({
  taskQueue: IMAGE_TASK_QUEUE,
  startToCloseTimeout: '1 hour',
  heartbeatTimeout: '10 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: RETRY_UNTIL_STALLED,
});

type LongActivity = 'awaitTraining' | 'joinTraining' | 'stopModelVersion';

/** Short calls of the training service's control plane. */
export const trainer = summarised<
  Omit<TrainingActivities, LongActivity | PaidActivity | 'collectValidation'>
>({
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '15 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: RETRY_THROTTLED_SERVICE,
});

type PaidActivity = 'findModelVersion' | 'collectEvaluation' | 'writeModelCard';

/** Short calls after the service has accepted a training. They outlast outages and expired credentials. */
export const paidTraining = summarised<Pick<TrainingActivities, PaidActivity>>({
  startToCloseTimeout: '2 minutes',
  scheduleToCloseTimeout: LONGEST_WAIT,
  heartbeatTimeout: '15 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: RETRY_POLL,
});

/**
 * The service's validation of the manifests: a pass over both. A run reports that it is missing instead of waiting for
 * it, so attempts are limited.
 */
export const validation = summarised<Pick<TrainingActivities, 'collectValidation'>>({
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '30 seconds',
  retry: RETRY_DATASET_PASS,
});

/**
 * Activities that wait for the service for hours. Each has its own deadline, counted from the service's
 * CreationTimestamp; the timeout here only has to be longer than any of them.
 */
export const poller = summarised<Pick<TrainingActivities, LongActivity>>({
  startToCloseTimeout: LONGEST_WAIT,
  heartbeatTimeout: '30 seconds',
  retry: RETRY_POLL,
});

/** Fits nine detectors: minutes for hundreds of images, hours for tens of thousands. A further attempt begins again. */
export const crossValidation = summarised<CrossValidationActivities>({
  startToCloseTimeout: '2 days',
  heartbeatTimeout: '30 seconds',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: RETRY_CROSS_VALIDATION,
});

/** The scan for unannounced uploads. */
export const sweep = summarised<SweepActivities>({
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '30 seconds',
  retry: RETRY_UNTIL_NEXT_SWEEP,
});
