import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection, defaultPayloadConverter } from '@temporalio/client';
import { type IngestResult, ingestWorkflowId } from '../../src/contracts/workflow-io.js';
import { startEmulator } from '../../src/emulator/emulator.js';
import { roboflowArchive } from '../support/archives.js';
import { awsOf } from '../support/aws.js';
import { cli, startReady, stopProcess } from '../support/cli.js';
import { startS3Proxy } from '../support/s3-proxy.js';
import { startTestSeaweedFs, startTestTemporal, temporaryHome } from '../support/servers.js';

const POLL_MS = 200;

describe('a step that ends every worker', () => {
  let home: string;
  const ends: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    ({ home } = await temporaryHome());
  });
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
    rmSync(home, { recursive: true, force: true });
  });

  it('a run whose step was running on three workers that were killed fails as WorkerLost, and the fourth worker runs other datasets', async () => {
    const s3 = await startTestSeaweedFs();
    ends.push(s3.stop);
    const temporal = await startTestTemporal();
    ends.push(temporal.stop);
    const emulator = await startEmulator({
      ...{ port: 0, stateFolder: join(home, 'rekognition'), trainingMs: 1_000, aws: awsOf(s3.env) },
    });
    ends.push(emulator.stop);
    let isHolding = true;
    // The step never ends: workers get no byte of the archive.
    const proxy = await startS3Proxy(s3.endpoint, ({ method, path }) =>
      isHolding && method === 'GET' && path.endsWith('.zip') ? 'hold' : undefined,
    );
    ends.push(proxy.stop);
    const env = {
      ...{ ...s3.env, TEMPORAL_ADDRESS: temporal.address, CURATOR_HOME: home, MIN_CLASS_IMAGES: '2' },
      AWS_ENDPOINT_URL_REKOGNITION: emulator.endpoint,
    };
    const workerEnv = { ...env, AWS_ENDPOINT_URL_S3: proxy.endpoint };
    const connection = await Connection.connect({ address: temporal.address });
    ends.push(() => connection.close());
    const workflow = new Client({ connection, namespace: temporal.namespace }).workflow.getHandle(
      ingestWorkflowId('poison'),
    );
    /** Waits until the worker of the process runs the step and Temporal has its heartbeat with so many lost workers. */
    const untilRunning = async (pid: number | undefined, lostWorkers: number) => {
      for (;;) {
        const { raw } = await workflow.describe();
        const [step] = raw.pendingActivities ?? [];
        const [payload] = step?.heartbeatDetails?.payloads ?? [];
        const known = payload ? defaultPayloadConverter.fromPayload<{ lostWorkers: number }>(payload) : null;
        const runsHere = step?.lastWorkerIdentity?.startsWith(`${pid}@`) ?? false;
        if (runsHere && known?.lostWorkers === lostWorkers) return step?.activityType?.name;
        await delay(POLL_MS);
      }
    };

    const zip = join(home, 'set.zip');
    writeFileSync(zip, await roboflowArchive(20));
    const ingest = (dataset: string, ...flags: string[]) =>
      cli(['ingest', zip, '--dataset', dataset, '--json', ...flags], env);
    expect((await ingest('poison', '--no-wait')).code).toBe(0);
    for (let lost = 0; lost < 3; lost++) {
      const { child } = await startReady(['worker'], workerEnv);
      expect(await untilRunning(child.pid, lost)).toBe('inspectArchive');
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    }

    isHolding = false;
    const fourth = await startReady(['worker'], workerEnv);
    ends.push(() => stopProcess(fourth.child));
    await expect(workflow.result()).rejects.toMatchObject({ cause: { type: 'WorkerLost' } });
    const { stdout } = await cli(['status', 'poison'], env);
    expect(stdout).toMatch(
      /inspectArchive ended unexpectedly 3 times.*Look for the reason in the workers' logs/s,
    );

    const other: IngestResult = JSON.parse((await ingest('other')).stdout);
    expect(other.outcome).toBe('done');
    expect(fourth.child.exitCode).toBeNull();
  }, 400_000);
});
