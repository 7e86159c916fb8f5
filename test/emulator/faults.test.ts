import { rm } from 'node:fs/promises';
import {
  CreateDatasetCommand,
  CreateProjectVersionCommand,
  DescribeDatasetCommand,
  DescribeProjectsCommand,
  InternalServerError,
  LimitExceededException,
  ProvisionedThroughputExceededException,
  RekognitionClient,
  ServiceQuotaExceededException,
  ThrottlingException,
  UpdateDatasetEntriesCommand,
} from '@aws-sdk/client-rekognition';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Chaos, parseChaos } from '../../src/emulator/chaos.js';
import { emulatedClock } from '../../src/emulator/clock.js';
import { State } from '../../src/emulator/state.js';
import {
  createProject,
  NO_S3,
  startTestEmulator,
  type TestEmulator,
  versionInput,
} from '../support/emulator.js';
import { temporaryHome } from '../support/servers.js';
import { describeVersion } from '../support/trainings.js';

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** An emulator with these faults, and a client without retries. */
async function faulty(faults: string): Promise<{ running: TestEmulator; client: RekognitionClient }> {
  const running = await startTestEmulator(NO_S3, { chaos: parseChaos(faults) });
  const client = new RekognitionClient({
    region: NO_S3.AWS_REGION,
    endpoint: running.emulator.endpoint,
    credentials: { accessKeyId: NO_S3.AWS_ACCESS_KEY_ID, secretAccessKey: NO_S3.AWS_SECRET_ACCESS_KEY },
    maxAttempts: 1,
  });
  ends.push(running.stop, async () => client.destroy());
  return { running, client };
}

async function home(): Promise<string> {
  const { home: folder } = await temporaryHome();
  ends.push(() => rm(folder, { recursive: true }));
  return folder;
}

describe('injected faults', () => {
  it.each([
    ['throttle', ThrottlingException, 500],
    ['overload', ProvisionedThroughputExceededException, 400],
    ['error', InternalServerError, 500],
  ])('the fault %s=1 makes every call fail', async (name, exception, httpStatusCode) => {
    const { client } = await faulty(`${name}=1`);
    const call = client.send(new DescribeProjectsCommand({}));
    await expect(call).rejects.toThrow(exception);
    await expect(call).rejects.toMatchObject({ $metadata: { httpStatusCode } });
  });

  it('quota=1 makes only CreateProjectVersion fail', async () => {
    const { running, client } = await faulty('quota=1');
    const arn = await createProject(client, 'full');
    const create = client.send(
      new CreateProjectVersionCommand(versionInput(arn, 'v1', 'some-bucket', 'a.manifest', 'b.manifest')),
    );
    await expect(create).rejects.toThrow(ServiceQuotaExceededException);
    expect(running.emulator.service.trainingsStarted).toBe(0);
  });

  it('limit=1 makes calls fail that create or start something', async () => {
    const { client } = await faulty('limit=1');
    await expect(createProject(client, 'full')).rejects.toThrow(LimitExceededException);
    expect((await client.send(new DescribeProjectsCommand({}))).ProjectDescriptions).toEqual([]);
  });

  it('fail-training and fail-dataset report a service issue', async () => {
    const { running, client } = await faulty('fail-training=1,fail-dataset=1');
    const ProjectArn = await createProject(client, 'failing');
    await client.send(
      new CreateProjectVersionCommand(
        versionInput(ProjectArn, 'v1', 'some-bucket', 'a.manifest', 'b.manifest'),
      ),
    );
    await running.emulator.service.idle();
    expect(await describeVersion(running, ProjectArn)).toMatchObject({
      Status: 'TRAINING_FAILED',
      StatusMessage: 'Amazon Rekognition experienced a service issue.',
    });
    const { DatasetArn } = await client.send(new CreateDatasetCommand({ ProjectArn, DatasetType: 'TRAIN' }));
    const Changes = { GroundTruth: Buffer.from('{"source-ref":"s3://bucket/a.jpg"}') };
    await client.send(new UpdateDatasetEntriesCommand({ DatasetArn, Changes }));
    const { DatasetDescription } = await client.send(new DescribeDatasetCommand({ DatasetArn }));
    expect(DatasetDescription).toMatchObject({
      Status: 'UPDATE_FAILED',
      StatusMessageCode: 'SERVICE_ERROR',
      DatasetStats: { TotalEntries: 0 },
    });
  });

  it('injects faults into the same calls for the same seed, at about the configured share', async () => {
    const outcomes = async (seed: number) => {
      const chaos = new Chaos(parseChaos('throttle=0.2,error=0.05'), seed);
      const calls = Array.from({ length: 400 }, () => chaos.around('DescribeProjects', () => 'fine'));
      const results = await Promise.allSettled(calls);
      return results.map((result) => (result.status === 'rejected' ? String(result.reason) : result.value));
    };
    const first = await outcomes(1);
    expect(await outcomes(1)).toEqual(first);
    expect(await outcomes(2)).not.toEqual(first);
    const share = first.filter((result) => result !== 'fine').length / first.length;
    expect(share).toBeGreaterThan(0.15);
    expect(share).toBeLessThan(0.35);
  });

  it('throws some errors after the call took effect, as when a response is lost', async () => {
    const chaos = new Chaos(parseChaos('error=1'), 3);
    let done = 0;
    for (let call = 0; call < 20; call++) {
      const answer = chaos.around('CreateProject', () => {
        done += 1;
      });
      await expect(answer).rejects.toThrow('service issue');
    }
    expect(done).toBeGreaterThan(0);
    expect(done).toBeLessThan(20);
  });

  it.each([
    ['throttle', 'is not a fault'],
    ['thunder=0.2', 'is not a fault'],
    ['throttle=1.5', 'use a share from 0 to 1'],
    ['fail-training=ERROR_OF_MINE', 'use a share from 0 to 1'],
    ['throttle=ERROR_EMPTY_MANIFEST', 'use a share from 0 to 1'],
    ['throttle=0.1,,error=0.1', 'is not a fault'],
    ['constructor=0.1', 'is not a fault'],
  ])('refuses the fault list %s', (text, message) => {
    expect(() => parseChaos(text)).toThrow(message);
  });
});

describe('the emulated clock', () => {
  it('runs at the configured speed, continues after restarts and never goes back', async () => {
    const folder = await home();
    let real = Date.parse('2026-01-05T09:00:00Z');
    const open = (speed: number) => emulatedClock(new State(folder), speed, () => real);
    const first = open(600);
    expect(first()).toBe(real);
    real += 10_000;
    const after = first();
    expect(after - Date.parse('2026-01-05T09:00:00Z')).toBe(6_000_000);
    real += 1_000;
    const again = open(600);
    expect(again()).toBe(after + 600_000);
    const slow = open(1);
    real += 1_000;
    expect(slow()).toBe(after + 601_000);
  });

  it('equals the system clock at speed 1', async () => {
    expect(emulatedClock(new State(await home()), 1, () => 42)()).toBe(42);
  });
});
