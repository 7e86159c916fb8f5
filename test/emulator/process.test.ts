import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  CreateDatasetCommand,
  CreateProjectVersionCommand,
  DescribeDatasetCommand,
  DescribeProjectVersionsCommand,
  DetectCustomLabelsCommand,
  type ProjectVersionDescription,
  StartProjectVersionCommand,
  waitUntilProjectVersionRunning,
  waitUntilProjectVersionTrainingCompleted,
} from '@aws-sdk/client-rekognition';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../src/local/ports.js';
import { type Server, startCommand, startServer } from '../../src/local/processes.js';
import { createS3Client } from '../../src/storage/client.js';
import { ObjectStore } from '../../src/storage/object-store.js';
import { createRekognitionClient } from '../../src/training/client.js';
import { picture } from '../support/archives.js';
import { awsOf } from '../support/aws.js';
import { createProject, versionInput } from '../support/emulator.js';
import { putManifest, SIDE, sameLines, type TestBox } from '../support/manifests.js';
import { startTestSeaweedFs, type TestS3, temporaryHome } from '../support/servers.js';

const CLI = fileURLToPath(new URL('../../bin/curator.js', import.meta.url));
const BOX: TestBox = ['acne', 10, 10, 20, 20];

describe('curator emulate rekognition', () => {
  let s3: TestS3;
  let home: string;
  let logs: string;
  const started: Server[] = [];

  beforeAll(async () => {
    s3 = await startTestSeaweedFs();
    ({ home, logs } = await temporaryHome());
  });
  afterAll(async () => {
    for (const server of started) await server.stop(0);
    await s3?.stop();
    await rm(home, { recursive: true, force: true });
  });

  const command = (port: number, ...args: string[]) => ({
    name: 'emulator',
    command: process.execPath,
    args: [CLI, 'emulate', 'rekognition', '--port', String(port), ...args],
    env: { PATH: process.env.PATH, ...s3.env, CURATOR_HOME: home },
    log: join(logs, 'emulator.log'),
  });
  const start = async (port: number, ...args: string[]) => {
    const server = await startCommand(command(port, ...args));
    started.push(server);
    return server;
  };

  it('resumes a training after SIGKILL and exits on SIGTERM', async () => {
    const store = new ObjectStore(createS3Client(awsOf(s3.env)));
    await putManifest(store, s3.bucket, 'a.manifest', sameLines('a', 3, [BOX]));
    await putManifest(store, s3.bucket, 'b.manifest', sameLines('b', 2, [BOX]));
    const port = await freePort();
    // S3 is unreachable and the training takes long, so the process is killed before the training ends, however slow the test is.
    const cut = { ...command(port, '--training-time', '10m') };
    const first = await startCommand({
      ...cut,
      env: { ...cut.env, AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9' },
    });
    started.push(first);
    expect(first.ready).toEqual({ ready: true, endpoint: `http://127.0.0.1:${port}` });
    const client = createRekognitionClient(
      awsOf({
        ...s3.env,
        AWS_ENDPOINT_URL_REKOGNITION: `http://127.0.0.1:${port}`,
      }),
    );
    const projectArn = await createProject(client, 'kept');
    await client.send(
      new CreateProjectVersionCommand(versionInput(projectArn, 'v1', s3.bucket, 'a.manifest', 'b.manifest')),
    );
    const version = async (): Promise<ProjectVersionDescription | undefined> => {
      const answer = await client.send(new DescribeProjectVersionsCommand({ ProjectArn: projectArn }));
      return answer.ProjectVersionDescriptions?.[0];
    };
    const before = await version();
    expect(before?.Status).toBe('TRAINING_IN_PROGRESS');
    await first.stop(0);

    // The training keeps the duration that it started with, so the flag is not repeated.
    const second = await start(port, '--clock-speed', '600');
    await waitUntilProjectVersionTrainingCompleted(
      { client, maxWaitTime: 30, minDelay: 1, maxDelay: 1 },
      { ProjectArn: projectArn },
    );
    const after = await version();
    expect(after?.ProjectVersionArn).toBe(before?.ProjectVersionArn);
    expect(after?.CreationTimestamp).toEqual(before?.CreationTimestamp);
    expect(after?.BillableTrainingTimeInSeconds).toBeGreaterThanOrEqual(600);
    expect(after?.EvaluationResult?.F1Score).toBe(1);

    // A running model and a dataset survive a SIGKILL too.
    const { DatasetArn } = await client.send(
      new CreateDatasetCommand({ ProjectArn: projectArn, DatasetType: 'TRAIN' }),
    );
    const ProjectVersionArn = after?.ProjectVersionArn;
    await client.send(new StartProjectVersionCommand({ ProjectVersionArn, MinInferenceUnits: 1 }));
    const quickly = { client, maxWaitTime: 30, minDelay: 1, maxDelay: 1 };
    await waitUntilProjectVersionRunning(quickly, { ProjectArn: projectArn });
    await second.stop(0);
    const third = await start(port);
    expect((await version())?.Status).toBe('RUNNING');
    const Image = { Bytes: await picture(1, SIDE.width, SIDE.height) };
    const { CustomLabels: found } = await client.send(
      new DetectCustomLabelsCommand({ ProjectVersionArn, Image }),
    );
    expect(found).toContainEqual(expect.objectContaining({ Name: 'acne' }));
    const { DatasetDescription } = await client.send(new DescribeDatasetCommand({ DatasetArn }));
    expect(DatasetDescription?.Status).toBe('CREATE_COMPLETE');
    client.destroy();
    // A SIGKILL would follow after a minute, which is longer than the test may take.
    await third.stop(60_000);
  });

  it('reports the real duration of a training under a faster clock', async () => {
    const store = new ObjectStore(createS3Client(awsOf(s3.env)));
    await putManifest(store, s3.bucket, 'c.manifest', sameLines('c', 3, [BOX]));
    const port = await freePort();
    const folder = join(home, 'fast');
    const args = ['--training-time', 'real', '--clock-speed', '10000', '--state', folder];
    const server = await start(port, ...args);
    const client = createRekognitionClient(
      awsOf({
        ...s3.env,
        AWS_ENDPOINT_URL_REKOGNITION: `http://127.0.0.1:${port}`,
      }),
    );
    const projectArn = await createProject(client, 'fast');
    const input = versionInput(projectArn, 'v1', s3.bucket, 'c.manifest', 'c.manifest');
    await client.send(new CreateProjectVersionCommand(input));
    await waitUntilProjectVersionTrainingCompleted(
      { client, maxWaitTime: 30, minDelay: 1, maxDelay: 1 },
      { ProjectArn: projectArn },
    );
    const { ProjectVersionDescriptions: [version] = [] } = await client.send(
      new DescribeProjectVersionsCommand({ ProjectArn: projectArn }),
    );
    expect(version?.BillableTrainingTimeInSeconds).toBeGreaterThanOrEqual(2.8 * 3600);
    client.destroy();
    await server.stop(0);
  });

  it.each([
    ['--chaos', 'thunder=1', '"thunder=1" is not a fault'],
    ['--chaos-seed', 'x', 'Expected a whole number, 0 or more.'],
    ['--clock-speed', '0', 'Expected a number from 1 to 100000.'],
  ])('refuses %s %s', async (flag, value, message) => {
    const log = join(logs, 'refused.log');
    const server = startServer({ ...command(await freePort(), flag, value), log });
    started.push(server);
    await server.ended;
    expect(await readFile(log, 'utf8')).toContain(message);
  });

  it('refuses to start with an invalid state file', async () => {
    const folder = join(home, 'broken');
    await (await start(await freePort(), '--state', folder)).stop(60_000);
    await writeFile(join(folder, 'state.json'), '{"projects":');
    const log = join(logs, 'broken.log');
    const server = startServer({ ...command(await freePort(), '--state', folder), log });
    started.push(server);
    await server.ended;
    const said = await readFile(log, 'utf8');
    expect(said).toContain(`${join(folder, 'state.json')} is not a valid state file of the emulator`);
    expect(said).not.toContain('    at ');
  });

  it('refuses to start without the credentials that signatures are checked with', async () => {
    const log = join(logs, 'anonymous.log');
    const { env: _, ...rest } = command(await freePort());
    const server = startServer({ ...rest, env: { PATH: process.env.PATH, CURATOR_HOME: home }, log });
    started.push(server);
    await server.ended;
    expect(await readFile(log, 'utf8')).toContain('set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
  });
});
