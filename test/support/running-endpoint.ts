import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { ActivityDeps } from '../../src/activities/index.js';
import { readConfiguration } from '../../src/config/configuration.js';
import type { EndpointOptions } from '../../src/endpoint/server.js';
import { intakeDefaults } from '../../src/intake/intake.js';
import { createWorkers } from '../../src/worker.js';
import { startTestEndpoint, type TestEndpoint } from './endpoint.js';
import { startTestPipeline, type TestPipeline } from './pipeline.js';
import { quietTemporal } from './quiet.js';
import { startTestTemporal } from './servers.js';

export interface RunningEndpoint {
  readonly endpoint: TestEndpoint;
  readonly pipeline: TestPipeline;
  readonly temporal: Client;
  stop(): Promise<void>;
}

/**
 * The endpoint with real parts behind it: Temporal's dev server, a worker, S3 and the emulator.
 * @param activities replace the services of the worker's activities
 */
export async function startRunningEndpoint(
  settings: Readonly<Record<string, string>>,
  options: Partial<EndpointOptions> = {},
  activities: Partial<ActivityDeps> = {},
): Promise<RunningEndpoint> {
  quietTemporal();
  const ends: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const end of ends.reverse()) await end();
  };
  try {
    return { ...(await start(settings, options, activities, ends)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  settings: Readonly<Record<string, string>>,
  options: Partial<EndpointOptions>,
  activities: Partial<ActivityDeps>,
  ends: (() => Promise<unknown>)[],
): Promise<Omit<RunningEndpoint, 'stop'>> {
  const pipeline = await startTestPipeline();
  ends.push(pipeline.stop);
  const server = await startTestTemporal();
  ends.push(server.stop);
  const native = await NativeConnection.connect({ address: server.address });
  ends.push(() => native.close());
  const workers = await createWorkers({
    connection: native,
    namespace: server.namespace,
    deps: { ...pipeline.deps, ...activities, intake: intakeDefaults(readConfiguration(settings)) },
    overrides: { shutdownGraceTime: 0 },
  });
  const running = Promise.all(workers.map((worker) => worker.run()));
  ends.push(async () => {
    for (const worker of workers) worker.shutdown();
    await running;
  });
  const connection = await Connection.connect({ address: server.address });
  ends.push(() => connection.close());
  const services = {
    ...{ s3: pipeline.s3.env, bucket: pipeline.s3.bucket, temporal: server.address, settings },
    ...{ rekognition: pipeline.rekognition, clock: pipeline.deps.clock },
  };
  const endpoint = await startTestEndpoint(services, options);
  ends.push(endpoint.stop);
  return { endpoint, pipeline, temporal: new Client({ connection, namespace: server.namespace }) };
}
