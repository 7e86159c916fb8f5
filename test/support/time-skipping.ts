import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { z } from 'zod';
import { type ActivityDeps, createActivities, createImageActivities } from '../../src/activities/index.js';
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
import { parseS3Uri } from '../../src/lib/s3-uri.js';
import { resolveBinary } from '../../src/local/binaries.js';
import type { Clock } from '../../src/training/await-training.js';
import type { Trainer } from '../../src/training/trainer.js';
import { checkedBundle } from '../../src/worker/workflow-bundle.js';
import { roboflowArchive } from './archives.js';
import { ingestInput, startTestPipeline, type TestPipeline } from './pipeline.js';
import { quietTemporal } from './quiet.js';

interface TimeSkippingOptions {
  readonly trainingMs: number;
  readonly chaos?: string;
  /** Images of the small archive; each one makes trainings take longer. */
  readonly images?: number;
}

/** Starts S3 and the emulator on a fake clock for all tests of a file, and a time-skipping server for each test. */
export function useTimeSkipping({ images = 12, ...options }: TimeSkippingOptions) {
  let env: TestWorkflowEnvironment;
  let pipeline: TestPipeline;

  beforeAll(async () => {
    quietTemporal();
    pipeline = await startTestPipeline(options);
  });
  afterAll(async () => {
    await pipeline?.stop();
  });
  // One server per test: an activity that outlives its run can prevent the server from skipping time.
  beforeEach(async () => {
    const { path } = await resolveBinary('temporal-test-server');
    env = await TestWorkflowEnvironment.createTimeSkipping({
      server: { executable: { type: 'existing-path', path } },
    });
  });
  afterEach(async () => {
    await env?.teardown();
  });

  /** Runs `work` while workers run. Tests of faults pass other image activities or dependencies. */
  async function withWorkers<T>(
    work: () => Promise<T>,
    imageActivities = createImageActivities(pipeline.deps),
    deps = pipeline.deps,
    activities: object = createActivities(deps),
  ): Promise<T> {
    const common = { connection: env.nativeConnection, namespace: env.namespace ?? 'default' };
    const main = await Worker.create({
      ...common,
      taskQueue: TASK_QUEUE,
      workflowBundle: await checkedBundle(),
      activities,
    });
    const images = await Worker.create({
      ...common,
      taskQueue: IMAGE_TASK_QUEUE,
      activities: imageActivities,
    });
    return await main.runUntil(images.runUntil(work()));
  }

  let archive: Promise<Buffer> | undefined;
  /** The archive that most runs of a file are started with. */
  const smallArchive = () => {
    archive ??= roboflowArchive(images);
    return archive;
  };

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
    /** The pipeline's dependencies, with these methods of the trainer replaced. */
    withTrainer: (methods: Partial<Trainer>): ActivityDeps => {
      const trainer: Trainer = Object.assign(Object.create(pipeline.deps.trainer), methods);
      return { ...pipeline.deps, trainer };
    },
    withWorkers,
    smallArchive,
    /** Uploads the small archive as a dataset; returns the input of its run. */
    input: async (dataset: string, run: Partial<IngestInput['run']> = {}): Promise<IngestInput> =>
      ingestInput(dataset, await pipeline.upload(dataset, await smallArchive()), { run }),
    start,
    /** Starts a run and returns its result. */
    ingest: async (input: IngestInput): Promise<IngestResult> => (await start(input)).result(),
    status: (dataset: string) =>
      pipeline.store.getJson(pipeline.s3.bucket, statusKey(dataset), z.custom<Progress>()),
    /** Reads the object of an S3 URI as text. */
    text: async (uri: string | null) => {
      const location = parseS3Uri(uri ?? '');
      if (!location) throw new Error(`${uri} is not an S3 URI.`);
      return (await pipeline.store.getBytes(location.bucket, location.key)).toString('utf8');
    },
  };
}

/** Queries the run until it is in the stage; returns its progress. */
export async function untilStage(handle: WorkflowHandle, stage: Progress['stage']): Promise<Progress> {
  for (;;) {
    const progress = await handle.query<Progress>(PROGRESS_QUERY);
    if (progress.stage === stage) return progress;
    if (progress.result) throw new Error(`The run ended as ${progress.stage}: ${progress.result.message}`);
    await new Promise((done) => setTimeout(done, 25));
  }
}

/** Queries the run until the service has accepted the training; returns its progress. */
export async function untilTraining(handle: WorkflowHandle): Promise<Progress> {
  for (;;) {
    const progress = await untilStage(handle, 'training');
    if (progress.training) return progress;
  }
}

/** A clock whose sleeps wait until `release` is called, so that a training stays in progress until then. */
export function heldClock(clock: Clock): { readonly clock: Clock; readonly release: () => void } {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const held: Clock = {
    now: clock.now,
    sleep: async (ms, signal) => {
      await released;
      await clock.sleep(ms, signal);
    },
  };
  return { clock: held, release };
}
