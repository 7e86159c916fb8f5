import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkTrainer } from '../../src/doctor/training.js';
import { ModelRunner } from '../../src/models/model-runner.js';
import { createS3Client } from '../../src/storage/client.js';
import { ObjectStore } from '../../src/storage/object-store.js';
import { callerAccount } from '../../src/training/account.js';
import { createRekognitionClient } from '../../src/training/client.js';
import { Trainer } from '../../src/training/trainer.js';
import { picture } from '../support/archives.js';
import { awsOf } from '../support/aws.js';
import { startTestEmulator, type TestEmulator } from '../support/emulator.js';
import { putManifest, SIDE, sameLines } from '../support/manifests.js';
import { installPythonClients } from '../support/python-clients.js';
import { startRecordingProxy } from '../support/recording-proxy.js';
import { startTestSeaweedFs, type TestS3 } from '../support/servers.js';
import { A, B } from '../support/trainings.js';

const run = promisify(execFile);
const BOTOCORE_REQUESTS = fileURLToPath(new URL('../support/botocore_requests.py', import.meta.url));
const BOTO3_FLOW = fileURLToPath(new URL('../support/boto3_flow.py', import.meta.url));

const clients = await installPythonClients();
const suite = 'missing' in clients ? describe.skip : describe;
const why = 'missing' in clients ? ` (skipped: ${clients.missing})` : '';
const bin = 'missing' in clients ? '' : clients.bin;

/** All operations that docs/emulator.md lists, sorted. */
const OPERATIONS = [
  ...['CopyProjectVersion', 'CreateDataset', 'CreateProject', 'CreateProjectVersion', 'DeleteDataset'],
  ...[
    'DeleteProject',
    'DeleteProjectPolicy',
    'DeleteProjectVersion',
    'DescribeDataset',
    'DescribeProjectVersions',
  ],
  ...['DescribeProjects', 'DetectCustomLabels', 'DistributeDatasetEntries', 'ListDatasetEntries'],
  ...['ListDatasetLabels', 'ListProjectPolicies', 'ListTagsForResource', 'PutProjectPolicy'],
  ...['StartProjectVersion', 'StopProjectVersion', 'TagResource', 'UntagResource', 'UpdateDatasetEntries'],
];

suite(`the emulator with AWS's own clients${why}`, () => {
  let s3: TestS3;
  let running: TestEmulator;
  let env: NodeJS.ProcessEnv;
  let photo: string;

  beforeAll(async () => {
    s3 = await startTestSeaweedFs();
    running = await startTestEmulator(s3.env, { transitionMs: 200 });
    const store = new ObjectStore(createS3Client(awsOf(s3.env)));
    await putManifest(store, s3.bucket, 'train.manifest', sameLines('a', 5, [A, B]));
    await putManifest(store, s3.bucket, 'test.manifest', sameLines('t', 2, [A, B]));
    photo = join(bin, 'photo.jpg');
    await writeFile(photo, await picture(1, SIDE.width, SIDE.height));
    env = {
      PATH: process.env.PATH,
      ...s3.env,
      AWS_DEFAULT_REGION: s3.env.AWS_REGION,
      AWS_ENDPOINT_URL_REKOGNITION: running.emulator.endpoint,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
      PYTHONDONTWRITEBYTECODE: '1',
    };
  });
  afterAll(async () => {
    await running?.stop();
    await s3?.stop();
    if (!('missing' in clients)) await clients.remove();
  });

  it('serves all operations to boto3, with responses that fit the model of the service', async () => {
    const args = [BOTO3_FLOW, s3.bucket, 'train.manifest', 'test.manifest', photo];
    const { stdout } = await run(join(bin, 'python'), args, { env, timeout: 120_000 });
    expect(JSON.parse(stdout)).toMatchObject({
      again: ['ResourceInUseException', 400],
      dataset: { Status: 'CREATE_COMPLETE', DatasetStats: { TotalEntries: 5, TotalLabels: 2 } },
      entries: Array.from({ length: 5 }, (_, n) => `s3://${s3.bucket}/a${n}.jpg`),
      labels: [
        { LabelName: 'acne', LabelStats: { EntryCount: 5, BoundingBoxCount: 5 } },
        { LabelName: 'scar', LabelStats: { EntryCount: 5, BoundingBoxCount: 5 } },
      ],
      updated: 'UPDATE_COMPLETE',
      version: {
        Status: 'TRAINING_COMPLETED',
        VersionDescription: 'trained by boto3',
        EvaluationResult: { F1Score: expect.any(Number) },
      },
      early: ['ResourceNotReadyException', 400],
      found: expect.arrayContaining([expect.objectContaining({ Confidence: expect.any(Number) })]),
      stopped: 'STOPPING',
      busy: ['ResourceInUseException', 400],
      tags: { stage: 'test' },
      policies: ['copy'],
      copied: 'COPYING_COMPLETED',
      distributed: 1,
      pattern: ['ValidationException', 400],
      problems: [],
      operations: OPERATIONS,
      wrong: ['InvalidSignatureException', 400],
    });
  }, 180_000);

  it("serves Curator's own requests, which fit the models of Rekognition and STS", async () => {
    const recorder = await startRecordingProxy(running.emulator.endpoint);
    const { endpoint } = recorder;
    const aws = awsOf({
      ...s3.env,
      AWS_ENDPOINT_URL_REKOGNITION: endpoint,
      AWS_ENDPOINT_URL_STS: endpoint,
    });
    const client = createRekognitionClient(aws);
    const account = () => callerAccount(aws);
    const tags = { team: 'derma', 'cost-center': '42=a' };
    const trainer = new Trainer(client, { kmsKeyId: 'alias/skin', tags, account });
    const model = {
      ...{ bucket: s3.bucket, dataset: 'own', modelVersion: '0123456789abcdef-r1', outputPrefix: 'own' },
      ...{ trainManifestKey: 'train.manifest', valManifestKey: 'test.manifest' },
    };
    await account();
    await trainer.describe(10, { dataset: 'own', train: 9, val: 1 });
    const projectVersionArn = await trainer.createModelVersion(model);
    await running.emulator.service.idle();
    await trainer.describeVersion({ projectVersionArn });
    const runner = new ModelRunner(client);
    const { signal } = new AbortController();
    const ref = { projectVersionArn, dataset: 'own', modelVersion: model.modelVersion };
    await runner.start(ref, signal);
    await runner.untilRunning(ref, signal);
    await runner.detect(ref, await picture(1, SIDE.width, SIDE.height), 10);
    await runner.stop(ref, signal);
    await checkTrainer(client, {}, account);
    await recorder.stop();

    const requests = recorder.requests.map(({ headers, body }) => ({
      ...{ target: headers['x-amz-target'] ?? null, body: body.toString('utf8') },
    }));
    const judging = run(join(bin, 'python'), [BOTOCORE_REQUESTS], { env, timeout: 120_000 });
    judging.child.stdin?.end(JSON.stringify(requests));
    expect(JSON.parse((await judging).stdout)).toEqual({
      operations: [
        ...['CreateProject', 'CreateProjectVersion', 'DescribeProjectVersions', 'DescribeProjects'],
        ...['DetectCustomLabels', 'GetCallerIdentity', 'StartProjectVersion', 'StopProjectVersion'],
      ],
      problems: [],
    });
    const sent = requests.find(({ target }) => target?.toString().endsWith('.CreateProjectVersion'));
    expect(JSON.parse(sent?.body ?? '')).toMatchObject({ KmsKeyId: 'alias/skin', Tags: tags });
  }, 120_000);

  it('serves a training from manifests, its waiters and detection to the AWS CLI', async () => {
    const aws = async (...args: string[]): Promise<Record<string, unknown>> => {
      const { stdout } = await run(join(bin, 'aws'), ['rekognition', ...args, '--output', 'json'], {
        env,
        timeout: 120_000,
      });
      return stdout.trim() === '' ? {} : JSON.parse(stdout);
    };
    const manifest = (Name: string) =>
      JSON.stringify({ Assets: [{ GroundTruthManifest: { S3Object: { Bucket: s3.bucket, Name } } }] });
    const { ProjectArn: project } = (await aws('create-project', '--project-name', 'cli')) as {
      ProjectArn: string;
    };
    const { ProjectVersionArn: version } = (await aws(
      ...['create-project-version', '--project-arn', project, '--version-name', 'v1'],
      ...['--output-config', `S3Bucket=${s3.bucket},S3KeyPrefix=cli`],
      ...['--training-data', manifest('train.manifest'), '--testing-data', manifest('test.manifest')],
    )) as { ProjectVersionArn: string };
    // The waiters of the CLI poll every two minutes; here the first poll succeeds.
    await running.emulator.service.idle();
    await aws('wait', 'project-version-training-completed', '--project-arn', project);
    const { ProjectVersionDescriptions: versions } = await aws(
      ...['describe-project-versions', '--project-arn', project],
    );
    expect(versions).toEqual([
      expect.objectContaining({ ProjectVersionArn: version, Status: 'TRAINING_COMPLETED' }),
    ]);
    await aws('start-project-version', '--project-version-arn', version, '--min-inference-units', '1');
    await aws('wait', 'project-version-running', '--project-arn', project);
    const { CustomLabels: found } = await aws(
      ...['detect-custom-labels', '--project-version-arn', version, '--min-confidence', '0'],
      ...['--image-bytes', `fileb://${photo}`],
    );
    expect(found).toEqual(expect.arrayContaining([expect.objectContaining({ Name: 'acne' })]));
    await aws('stop-project-version', '--project-version-arn', version);
    await expect(aws('describe-dataset', '--dataset-arn', project)).rejects.toThrow('ValidationException');
  }, 240_000);
});
