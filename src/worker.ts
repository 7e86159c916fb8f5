import { availableParallelism } from 'node:os';
import { Client } from '@temporalio/client';
import {
  NativeConnection,
  type NativeConnectionOptions,
  Runtime,
  Worker,
  type WorkerOptions,
} from '@temporalio/worker';
import { BatchPool } from './activities/batches/pool.js';
import { defaultProcesses } from './activities/batches/pool-size.js';
import { CrossValidating } from './activities/cross-validating/cross-validating.js';
import { Curating } from './activities/curating/curating.js';
import { type ActivityDeps, createActivities, createImageActivities } from './activities/index.js';
import { createMetrics, type Metrics } from './activities/metrics/metrics.js';
import { notReached, temporalTarget } from './client/connect.js';
import { ensureSweepSchedule } from './client/sweep-schedule.js';
import type { Configuration } from './config/configuration.js';
import { IMAGE_TASK_QUEUE, MAX_HEARTBEAT_MS, TASK_QUEUE } from './contracts/workflow-io.js';
import { intakeDefaults } from './intake/intake.js';
import { assertRegion } from './lib/aws-access.js';
import { errorMessage } from './lib/error-message.js';
import { ModelRunner } from './models/model-runner.js';
import { inspectApart } from './pipeline/inspect-apart.js';
import { createS3Client } from './storage/client.js';
import { ObjectStore } from './storage/object-store.js';
import { callerAccount } from './training/account.js';
import { realClock } from './training/await-training.js';
import { createRekognitionClient } from './training/client.js';
import { Trainer } from './training/trainer.js';
import { observe } from './worker/observe.js';
import { installTelemetry } from './worker/telemetry.js';
import { workerVersion } from './worker/worker-version.js';
import { checkedBundle } from './worker/workflow-bundle.js';

/** Maximum time for activities to end after the shutdown signal. They normally end at once. */
const SHUTDOWN_GRACE = '10 seconds';

/**
 * Runs a worker until SIGINT or SIGTERM. Prints one line of JSON to stdout when it is ready.
 * @param overrides options of Temporal's workers
 */
export async function runWorker(
  configuration: Configuration,
  overrides: Partial<WorkerOptions> = {},
): Promise<void> {
  const { aws, bucket, telemetry, temporal } = configuration.environment;
  const version = workerVersion(temporal);
  const { address, connectionOptions, namespace } = temporalTarget(temporal);
  await assertRegion(aws);
  // Last: once Temporal's native part runs, the process does not end by itself.
  const meter = installTelemetry(telemetry);
  const connection = await NativeConnection.connect(connectionOptions as NativeConnectionOptions).catch(
    (error: unknown) => {
      throw notReached(address, error);
    },
  );
  const shutdown = new AbortController();
  const batches = new BatchPool(aws, configuration.environment.processes ?? defaultProcesses());
  let endObserving = () => {};
  try {
    const workers = await createWorkers({
      connection,
      namespace,
      deps: { ...realDeps(configuration, createMetrics(meter), shutdown.signal), batches },
      overrides: { ...version, ...overrides },
    });
    const stop = () => {
      shutdown.abort(new Error('The worker is shutting down.'));
    };
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
    const client = new Client({ connection, namespace });
    if (bucket !== undefined) await keepSweeping(client, bucket);
    if (telemetry.metricsAddress !== undefined) endObserving = observe(meter, client);
    process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
    await Promise.all(workers.map((worker) => worker.run()));
  } finally {
    endObserving();
    batches.close();
    await connection.close();
  }
}

/** Creates the sweep schedule. A worker without the permission still works, but lost events are then not recovered. */
async function keepSweeping(temporal: Client, bucket: string): Promise<void> {
  try {
    await ensureSweepSchedule(temporal, bucket);
  } catch (error) {
    const cause = errorMessage(error);
    Runtime.instance().logger.warn(
      `Could not create the schedule that scans for unannounced uploads: ${cause}`,
    );
  }
}

function realDeps(configuration: Configuration, metrics: Metrics, shutdown: AbortSignal): ActivityDeps {
  const { aws, trainer, hourlyRates, training } = configuration.environment;
  const store = new ObjectStore(createS3Client(aws));
  const rekognition = createRekognitionClient(aws, trainer);
  return {
    store,
    inspect: inspectApart,
    curating: new Curating(aws),
    crossValidating: new CrossValidating(aws),
    intake: intakeDefaults(configuration),
    trainer: new Trainer(rekognition, {
      rates: hourlyRates,
      ...training,
      account: () => callerAccount(aws),
    }),
    models: new ModelRunner(rekognition),
    clock: realClock,
    metrics,
    shutdown,
  };
}

/** Creates two workers in one process: image batches occupy their slots for minutes, and nothing else should wait for them. */
export async function createWorkers(options: {
  connection: NativeConnection;
  namespace: string;
  deps: ActivityDeps;
  overrides?: Partial<WorkerOptions>;
}): Promise<Worker[]> {
  const { connection, namespace, deps, overrides } = options;
  const common = {
    ...{ connection, namespace, shutdownGraceTime: SHUTDOWN_GRACE },
    // Activities learn from the response to a heartbeat that a person has cancelled them. The SDK's default is 80 % of the
    // heartbeat timeout, which is 24 seconds for a cross-validation.
    maxHeartbeatThrottleInterval: MAX_HEARTBEAT_MS,
    ...overrides,
  } as const;
  return [
    await Worker.create({
      ...common,
      taskQueue: TASK_QUEUE,
      workflowBundle: await checkedBundle(),
      activities: createActivities(deps),
    }),
    await Worker.create({
      ...common,
      taskQueue: IMAGE_TASK_QUEUE,
      activities: createImageActivities(deps),
      maxConcurrentActivityTaskExecutions: deps.batches?.size ?? availableParallelism(),
    }),
  ];
}
