import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { createActivities, createImageActivities } from '../../src/activities/index.js';
import { CuratorClient } from '../../src/client/curator-client.js';
import { IMAGE_TASK_QUEUE, TASK_QUEUE, type Waiting } from '../../src/contracts/workflow-io.js';
import { checkedBundle } from '../../src/worker/workflow-bundle.js';
import { roboflowArchive } from '../support/archives.js';
import { RUN_SETTINGS, SMALL_DATASET, startTestPipeline, type TestPipeline } from '../support/pipeline.js';
import { quietTemporal } from '../support/quiet.js';
import { startTestTemporal } from '../support/servers.js';

/** On a real dev server: the time-skipping one does not report the time of the next attempt. */
describe('a run whose training service throttles every call', () => {
  let pipeline: TestPipeline;
  let connection: NativeConnection;
  let client: CuratorClient;
  const ends: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    quietTemporal();
    pipeline = await startTestPipeline({ chaos: 'throttle=1' });
    ends.push(pipeline.stop);
    const { address, stop } = await startTestTemporal();
    ends.push(stop);
    connection = await NativeConnection.connect({ address });
    ends.push(() => connection.close());
    const clientConnection = await Connection.connect({ address });
    ends.push(() => clientConnection.close());
    client = new CuratorClient(
      new Client({ connection: clientConnection }),
      pipeline.store,
      pipeline.s3.bucket,
    );
  });
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  async function withWorkers<T>(work: () => Promise<T>): Promise<T> {
    const activities = createActivities(pipeline.deps);
    const workflowBundle = await checkedBundle();
    const main = await Worker.create({ connection, taskQueue: TASK_QUEUE, workflowBundle, activities });
    const images = await Worker.create({
      connection,
      taskQueue: IMAGE_TASK_QUEUE,
      activities: createImageActivities(pipeline.deps),
    });
    return await main.runUntil(images.runUntil(work()));
  }

  async function firstWait(dataset: string): Promise<Waiting | undefined> {
    for await (const { waiting } of client.watch(dataset)) if (waiting?.nextAttempt) return waiting;
    return undefined;
  }

  it('shows the error of the last attempt and the time of the next one', async () => {
    const upload = await pipeline.upload('throttled', await roboflowArchive(20));
    const settings = { settings: SMALL_DATASET, run: RUN_SETTINGS };
    await withWorkers(async () => {
      const before = Date.now();
      await client.startIngest({ dataset: 'throttled', upload, ...settings, trigger: 'person' });
      const waiting = await firstWait('throttled');
      expect(waiting?.reason).toMatch(/^Rekognition could not list projects: ThrottlingException: /);
      expect(Date.parse(waiting?.nextAttempt ?? '')).toBeGreaterThan(before);
      await client.cancel('throttled');
    });
    const { waiting, result } = await client.progress('throttled');
    expect(waiting).toBeUndefined();
    expect(result?.outcome).toBe('cancelled');
  });
});
