import { type ChildProcess, execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import {
  APPROVE_UPDATE,
  type IngestResult,
  ingestWorkflowId,
  TASK_QUEUE,
} from '../../src/contracts/workflow-io.js';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { resolveBinary } from '../../src/local/binaries.js';
import { createS3Client } from '../../src/storage/client.js';
import { ObjectStore } from '../../src/storage/object-store.js';
import { roboflowArchive } from '../support/archives.js';
import { awsOf } from '../support/aws.js';
import { startReady, stopProcess } from '../support/cli.js';
import { ingestInput } from '../support/pipeline.js';
import { startTestSeaweedFs, startTestTemporal, type TestS3, temporaryHome } from '../support/servers.js';
import { untilStage } from '../support/time-skipping.js';

const DEPLOYMENT = 'curator';
const RETRY_MS = 250;
const ATTEMPTS = 120;
const run = promisify(execFile);

describe('workers of several versions, as `docs/upgrading.md` starts them', () => {
  let s3: TestS3;
  let temporal: Awaited<ReturnType<typeof startTestTemporal>>;
  let emulator: Emulator;
  let connection: Connection;
  const workers: ChildProcess[] = [];
  const ends: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    const { home } = await temporaryHome();
    ends.push(() => rm(home, { recursive: true, force: true }));
    s3 = await startTestSeaweedFs();
    ends.push(s3.stop);
    temporal = await startTestTemporal();
    ends.push(temporal.stop);
    emulator = await startEmulator({ port: 0, stateFolder: home, trainingMs: 0, aws: awsOf(s3.env) });
    ends.push(() => emulator.stop());
    connection = await Connection.connect({ address: temporal.address });
    ends.push(() => connection.close());
  });
  afterAll(async () => {
    await Promise.all(workers.map(stopProcess));
    for (const end of ends.reverse()) await end();
  });

  async function startWorker(buildId?: string): Promise<ChildProcess> {
    const { child } = await startReady(['worker'], {
      ...s3.env,
      AWS_ENDPOINT_URL_REKOGNITION: emulator.endpoint,
      TEMPORAL_ADDRESS: temporal.address,
      ...(buildId === undefined
        ? {}
        : { TEMPORAL_DEPLOYMENT_NAME: DEPLOYMENT, TEMPORAL_WORKER_BUILD_ID: buildId }),
    });
    workers.push(child);
    return child;
  }

  /** By Temporal's own command, which refuses a version until its worker has polled all task queues. */
  async function makeCurrent(buildId: string): Promise<void> {
    const { path } = await resolveBinary('temporal');
    const args = ['worker', 'deployment', 'set-current-version', '--yes', '--address', temporal.address];
    const version = ['--deployment-name', DEPLOYMENT, '--build-id', buildId];
    for (let attempt = 1; ; attempt += 1) {
      try {
        await run(path, [...args, ...version]);
        return;
      } catch (error) {
        if (attempt === ATTEMPTS) throw error;
        await delay(RETRY_MS);
      }
    }
  }

  async function startRun(dataset: string): Promise<WorkflowHandle> {
    const store = new ObjectStore(createS3Client(awsOf(s3.env)));
    const [key, archive] = [`landing/${dataset}/test/${dataset}.zip`, await roboflowArchive(12)];
    await store.put(s3.bucket, key, archive);
    const { etag = '' } = (await store.head(s3.bucket, key)) ?? {};
    const upload = { bucket: s3.bucket, key, etag, bytes: archive.length };
    const handle = await new Client({ connection }).workflow.start('ingestDataset', {
      taskQueue: TASK_QUEUE,
      workflowId: ingestWorkflowId(dataset),
      args: [ingestInput(dataset, upload, { run: { requireApproval: 'true' } })],
    });
    await untilStage(handle, 'awaiting-approval');
    return handle;
  }

  async function approve(handle: WorkflowHandle): Promise<IngestResult> {
    await handle.executeUpdate(APPROVE_UPDATE, { args: [{ by: 'mira', note: '' }] });
    return await handle.result();
  }

  async function buildOf(handle: WorkflowHandle): Promise<string | null | undefined> {
    const { raw } = await handle.describe();
    return raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId;
  }

  it('run each run to its end on the version that started it, and continue those without a version', async () => {
    const plain = await startWorker();
    const before = await startRun('before');
    await stopProcess(plain);

    await startWorker('one');
    await makeCurrent('one');
    const first = await startRun('first');
    expect(await buildOf(first)).toBe('one');

    await startWorker('two');
    await makeCurrent('two');
    const second = await startRun('second');
    const results = await Promise.all([approve(before), approve(first), approve(second)]);
    expect(results.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done']);
    expect([await buildOf(before), await buildOf(first), await buildOf(second)]).toEqual([
      'two',
      'one',
      'two',
    ]);
  });
});
