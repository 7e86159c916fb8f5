import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { IngestResult, Progress } from '../../src/contracts/workflow-io.js';
import { startEmulator } from '../../src/emulator/emulator.js';
import { createS3Client } from '../../src/storage/client.js';
import { ObjectStore } from '../../src/storage/object-store.js';
import { roboflowArchive } from '../support/archives.js';
import { awsOf } from '../support/aws.js';
import { cli, startReady, stopProcess } from '../support/cli.js';
import { startTestSeaweedFs, startTestTemporal, temporaryHome } from '../support/servers.js';

const SMALL = ['--min-class-images', '2'];
/** Long enough for a kill in the middle; another worker continues the poll after the heartbeat timeout. */
const TRAINING_MS = 20_000;

describe('a worker that is killed twice', () => {
  let home: string;
  const ends: (() => Promise<unknown>)[] = [];

  beforeAll(async () => {
    ({ home } = await temporaryHome());
  });
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
    rmSync(home, { recursive: true, force: true });
  });

  it('a worker that is killed during preprocessing and during the training writes the same bytes and starts one training', async () => {
    const s3 = await startTestSeaweedFs();
    ends.push(s3.stop);
    const temporal = await startTestTemporal();
    ends.push(temporal.stop);
    const emulator = await startEmulator({
      port: 0,
      stateFolder: join(home, 'rekognition'),
      trainingMs: TRAINING_MS,
      aws: awsOf(s3.env),
    });
    ends.push(emulator.stop);
    const env = {
      ...s3.env,
      TEMPORAL_ADDRESS: temporal.address,
      AWS_ENDPOINT_URL_REKOGNITION: emulator.endpoint,
      CURATOR_HOME: home,
    };
    const store = new ObjectStore(createS3Client(awsOf(s3.env)));
    const bytesOf = async (uri: string | null) =>
      (await store.getBytes(s3.bucket, (uri ?? '').replace(`s3://${s3.bucket}/`, ''))).toString('utf8');
    const worker = async () => (await startReady(['worker'], env)).child;
    const kill = async (child: ChildProcess) => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    };
    const reaches = async (dataset: string, stage: Progress['stage']) => {
      for (;;) {
        const { stdout } = await cli(['status', dataset, '--json'], env);
        const progress: Progress | undefined = stdout === '' ? undefined : JSON.parse(stdout);
        if (progress?.stage === stage) return;
        if (progress?.result) throw new Error(`${dataset} ended as ${progress.stage}.`);
      }
    };

    const zip = join(home, 'set.zip');
    writeFileSync(zip, await roboflowArchive(300, 3));
    const first = await worker();
    const whole: IngestResult = JSON.parse(
      (await cli(['ingest', zip, '--dataset', 'set', '--json', ...SMALL], env)).stdout,
    );
    const manifests = [await bytesOf(whole.uris.train), await bytesOf(whole.uris.val)];
    expect(emulator.service.trainingsStarted).toBe(1);

    // The same archive under another dataset name repeats all stages; other settings would train another model.
    const again = ['ingest', zip, '--dataset', 'twice', '--no-wait', '--json', ...SMALL];
    expect((await cli(again, env)).code).toBe(0);
    await reaches('twice', 'preprocessing');
    await kill(first);
    const second = await worker();
    await reaches('twice', 'training');
    await kill(second);
    const third = await worker();
    ends.push(() => stopProcess(third));
    const { stdout, stderr } = await cli(['ingest', zip, '--dataset', 'twice', '--json', ...SMALL], env);
    expect(stderr).not.toMatch(/^curator:/m);
    const twice: IngestResult = JSON.parse(stdout);
    expect(twice.outcome).toBe('done');
    expect(emulator.service.trainingsStarted).toBe(2);
    const renamed = async (uri: string | null) =>
      (await bytesOf(uri)).replaceAll('"twice"', '"set"').replaceAll('/twice/', '/set/');
    expect([await renamed(twice.uris.train), await renamed(twice.uris.val)]).toEqual(manifests);
  }, 400_000);
});
