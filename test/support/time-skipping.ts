import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { z } from 'zod';
import { createActivities, createImageActivities } from '../../src/activities/index.js';
import {
  IMAGE_TASK_QUEUE,
  type IngestInput,
  type IngestResult,
  ingestWorkflowId,
  PROGRESS_QUERY,
  type Progress,
  TASK_QUEUE,
} from '../../src/contracts/workflow-io.js';
import { statusKey } from '../../src/dataset/model/layout.js';
import { resolveBinary } from '../../src/local/binaries.js';
import { checkedBundle } from '../../src/worker/workflow-bundle.js';
import { startTestPipeline, type TestPipeline } from './pipeline.js';
import { quietTemporal } from './quiet.js';

/** S3 and the emulator on a fake clock for the tests of a file, and a time-skipping server for each of them. */
export function useTimeSkipping(options: { readonly trainingMs: number; readonly chaos?: string }) {
  let env: TestWorkflowEnvironment;
  let pipeline: TestPipeline;

  beforeAll(async () => {
    quietTemporal();
    pipeline = await startTestPipeline(options);
  });
  afterAll(async () => {
    await pipeline?.stop();
  });
  // A server each: an activity that is under way when its run ends can keep a server's time from being skipped.
  beforeEach(async () => {
    const { path } = await resolveBinary('temporal-test-server');
    env = await TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'existing-path', path } },
    });
  });
  afterEach(async () => {
    await env?.teardown();
  });

  /** Runs `work` beside workers; image batches can be given another activity, for faults. */
  async function withWorkers<T>(
    work: () => Promise<T>,
    imageActivities = createImageActivities(pipeline.deps),
    deps = pipeline.deps,
  ): Promise<T> {
    const common = { connection: env.nativeConnection, namespace: env.namespace ?? 'default' };
    const main = await Worker.create({
      ...common,
      taskQueue: TASK_QUEUE,
      workflowBundle: await checkedBundle(),
      activities: createActivities(deps),
    });
    const images = await Worker.create({
      ...common,
      taskQueue: IMAGE_TASK_QUEUE,
      activities: imageActivities,
    });
    return await main.runUntil(images.runUntil(work()));
  }

  async function start(input: IngestInput): Promise<WorkflowHandle> {
    return await env.client.workflow.start('ingestDataset', {
      taskQueue: TASK_QUEUE,
      workflowId: ingestWorkflowId(input.dataset),
      args: [input],
    });
  }

  return {
    env: () => env,
    pipeline: () => pipeline,
    trainings: () => pipeline.emulator.service.trainingsStarted,
    withWorkers,
    start,
    /** Starts and waits for the end. */
    ingest: async (input: IngestInput): Promise<IngestResult> => (await start(input)).result(),
    status: (dataset: string) =>
      pipeline.store.getJson(pipeline.s3.bucket, statusKey(dataset), z.custom<Progress>()),
    text: async (uri: string | null) => {
      const key = (uri ?? '').replace(`s3://${pipeline.s3.bucket}/`, '');
      return (await pipeline.store.getBytes(pipeline.s3.bucket, key)).toString('utf8');
    },
  };
}

/** Asks until the run is in the stage; each answer is a workflow task away. */
export async function reaches(handle: WorkflowHandle, stage: Progress['stage']): Promise<Progress> {
  for (;;) {
    const progress = await handle.query<Progress>(PROGRESS_QUERY);
    if (progress.stage === stage) return progress;
    if (progress.result) throw new Error(`The run ended as ${progress.stage}: ${progress.result.message}`);
    await new Promise((done) => setTimeout(done, 25));
  }
}

/** Asks until the service has accepted the training. */
export async function trains(handle: WorkflowHandle): Promise<Progress> {
  for (;;) {
    const progress = await reaches(handle, 'training');
    if (progress.training) return progress;
  }
}
