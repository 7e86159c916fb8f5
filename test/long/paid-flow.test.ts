import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  CreateDatasetCommand,
  DescribeProjectVersionsCommand,
  paginateDescribeProjects,
} from '@aws-sdk/client-rekognition';
import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import type { IngestResult, Progress } from '../../src/contracts/workflow-io.js';
import { parseChaos } from '../../src/emulator/chaos.js';
import { setupBucket } from '../../src/storage/bucket.js';
import { createS3Client } from '../../src/storage/client.js';
import { roboflowArchive } from '../support/archives.js';
import { awsOf } from '../support/aws.js';
import { cli, startReady } from '../support/cli.js';
import { createProject } from '../support/emulator.js';
import type { Hold } from '../support/holds.js';
import type { Passing } from '../support/iam/proxy.js';
import { type IamServices, startIamServices } from '../support/iam/services.js';

// Heartbeat timeouts of killed workers last about half a minute each.
jest.setTimeout(600_000);

const CALM = 'calm';
const DATASETS = ['first', 'second', 'third', 'fourth'] as const;
type Dataset = (typeof DATASETS)[number];
type Points = Readonly<Record<Dataset, (passing: Passing) => boolean>>;
/** The dataset whose project a person has opened in the console. */
const OPENED: Dataset = 'second';

const request =
  (action: string, resource: RegExp) =>
  ({ phase, ...need }: Passing): boolean =>
    phase === 'request' && need.action === action && resource.test(need.resource);
const response =
  (action: string, body: string) =>
  ({ phase, ...passing }: Passing): boolean =>
    phase === 'response' && passing.action === action && passing.received.includes(body);

/** Limits a point to the first resource that it matches: batches that are held leave no slot for other datasets. */
const oneOf = (matches: (passing: Passing) => boolean) => {
  let held: string | undefined;
  return (passing: Passing): boolean => {
    if (!matches(passing)) return false;
    held ??= passing.resource;
    return passing.resource === held;
  };
};

/** Where the run of each dataset is when the worker is killed before the approval. */
const BEFORE_APPROVAL: Points = {
  first: request('s3:GetObject', /landing\/.*\.zip$/),
  second: oneOf(request('s3:PutObject', /\/preprocessed\//)),
  third: request('s3:PutObject', /\/versions\/.*\/train\.manifest$/),
  fourth: request('s3:PutObject', /\/validation_report\.json$/),
};
/** When it is killed around the billable call and during the training. */
const AROUND_TRAINING: Points = {
  first: request('rekognition:CreateProjectVersion', /./),
  second: response('rekognition:CreateProjectVersion', 'ProjectVersionArn'),
  third: response('rekognition:DescribeProjectVersions', 'TRAINING_IN_PROGRESS'),
  fourth: response('rekognition:DescribeProjectVersions', 'TRAINING_COMPLETED'),
};
/** When it is killed after the training. */
const AFTER_TRAINING: Points = {
  first: request('s3:GetObject', /\/models\/.*evaluation/i),
  second: request('s3:GetObject', /\/models\/.*(manifest.?summary|validation)/i),
  third: request('s3:PutObject', /\/models\/[^/]+\.json$/),
  fourth: request('s3:PutObject', /\/status\.json$/),
};

describe('paid trainings, with the documented permissions and a throttling service', () => {
  const ends: (() => Promise<unknown>)[] = [];
  let services: IamServices;
  let env: Record<'worker' | 'ingest', Record<string, string>>;
  let worker: Awaited<ReturnType<typeof startReady>>['child'];
  let archive: string;

  beforeAll(async () => {
    services = await startIamServices({
      datasets: [CALM, ...DATASETS],
      isPaid: true,
      emulator: { trainingMs: 10_000, chaos: parseChaos('throttle=0.1,overload=0.05,error=0.05') },
    });
    ends.push(services.stop);
    env = {
      worker: {
        ...(await services.env('worker', 'worker')),
        NODE_OPTIONS: `--require ${fileURLToPath(new URL('../support/short-quota-pause.cjs', import.meta.url))}`,
      },
      ingest: await services.env('ingest', 'ingest'),
    };
    await setupBucket(s3(), { bucket: services.s3.bucket, manifestAccess: 'private' });
    archive = join(services.home, 'set.zip');
    await writeFile(archive, await roboflowArchive(40));
    await startWorker();
    ends.push(async () => void worker.kill('SIGKILL'));
  });
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  const s3 = () => createS3Client(awsOf(services.s3.env));
  const startWorker = async () => {
    ({ child: worker } = await startReady(['worker'], env.worker));
  };
  const restartWorker = async (holds: readonly Hold[] = []) => {
    for (const hold of holds) await hold.reached;
    worker.kill('SIGKILL');
    await once(worker, 'exit');
    for (const hold of holds) await hold.closed();
    for (const hold of holds) await hold.release();
    await startWorker();
  };
  const isOf =
    (dataset: string) =>
    ({ resource }: { resource: string }) =>
      resource.includes(`/${dataset}/`) || resource.includes(`/${dataset}-P2/`);
  const holdAt = (points: Points): Hold[] =>
    DATASETS.map((dataset) =>
      services.proxy.hold(
        (passing) => passing.caller === 'worker' && isOf(dataset)(passing) && points[dataset](passing),
      ),
    );

  const ingest = (dataset: string, ...options: string[]) =>
    cli(
      ['ingest', archive, '--dataset', dataset, '--min-class-images', '2', '--json', ...options],
      env.ingest,
    );
  const approve = async (dataset: string) => {
    const { code, stderr } = await cli(['approve', dataset, '--note', 'looked at the report'], env.ingest);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  };
  const until = async (dataset: string, isReached: (progress: Progress) => boolean): Promise<Progress> => {
    for (;;) {
      const { stdout } = await cli(['status', dataset, '--json'], env.ingest);
      const progress: Progress | undefined = stdout === '' ? undefined : JSON.parse(stdout);
      if (progress && isReached(progress)) return progress;
      if (progress?.result) throw new Error(`${dataset}: ${progress.result.message}`);
    }
  };
  const allUntil = async (isReached: (progress: Progress) => boolean) => {
    const reached: Progress[] = [];
    for (const dataset of DATASETS) reached.push(await until(dataset, isReached));
    return reached;
  };

  let calm: IngestResult;
  let endQuota: () => void;

  it('a paid training waits for the approval, which shows account and cost', async () => {
    expect((await ingest(CALM)).code).toBe(3);
    const { approval } = await until(CALM, () => true);
    expect(approval?.trainer).toMatchObject({ kind: 'rekognition', hourlyRateUsd: 1 });
    await approve(CALM);
    calm = JSON.parse((await ingest(CALM)).stdout);
    expect(calm).toMatchObject({ outcome: 'done', training: { trainer: 'rekognition' } });
  });

  it('runs continue after the worker was killed in each stage before the approval', async () => {
    const { client } = services.emulator;
    const ProjectArn = await createProject(client, OPENED);
    await client.send(new CreateDatasetCommand({ ProjectArn, DatasetType: 'TRAIN' }));
    const holds = holdAt(BEFORE_APPROVAL);
    for (const dataset of DATASETS) expect((await ingest(dataset, '--no-wait')).code).toBe(0);
    await restartWorker(holds);
    for (const { approval } of await allUntil((progress) => progress.approval !== null))
      expect(approval?.trainer).toMatchObject({ kind: 'rekognition', account: '000000000000' });
    await restartWorker();
  });

  it('approved trainings that a quota refuses are queued and started by no worker', async () => {
    endQuota = services.proxy.refuse(({ caller, action }) =>
      caller === 'worker' && action === 'rekognition:CreateProjectVersion'
        ? { code: 'LimitExceeded', message: 'Subscriber limit exceeded.' }
        : undefined,
    );
    for (const dataset of DATASETS) await approve(dataset);
    await allUntil(({ waiting }) => waiting?.reason.includes('queued') === true);
    expect(services.emulator.emulator.service.trainingsStarted).toBe(1);
    await restartWorker();
  });

  it('runs continue after the worker was killed around the billable call and its credentials expired', async () => {
    const around = holdAt(AROUND_TRAINING);
    const after = holdAt(AFTER_TRAINING);
    endQuota();
    await restartWorker(around);
    await allUntil(({ training }) => training !== null);
    const renew = services.proxy.refuse(({ caller }) =>
      caller === 'worker'
        ? { code: 'ExpiredToken', message: 'The security token included in the request is expired' }
        : undefined,
    );
    const isTold = /is expired.*The training continues and is billed/;
    await until('first', ({ waiting }) => isTold.test(waiting?.reason ?? ''));
    renew();
    await restartWorker(after);
  });

  it('each dataset has one training, with the figures of an undisturbed run', async () => {
    for (const dataset of DATASETS) {
      const result: IngestResult = JSON.parse((await ingest(dataset)).stdout);
      expect(result).toMatchObject({ dataset, outcome: 'done' });
      expect(result.evaluation).toEqual(calm.evaluation);
      expect(result.labels).toEqual(calm.labels);
      expect(result.images).toEqual(calm.images);
      expect(await versionsOf(dataset)).toEqual([result.training?.projectVersionArn]);
    }
    expect(services.emulator.emulator.service.trainingsStarted).toBe(1 + DATASETS.length);
  });

  it('nothing is left behind: no open upload, no running workflow, and no request was denied', async () => {
    const { Uploads = [] } = await s3().send(new ListMultipartUploadsCommand({ Bucket: services.s3.bucket }));
    expect(Uploads).toEqual([]);
    const { proxy } = services;
    expect(proxy.judged.filter(({ allowed }) => !allowed)).toEqual([]);
    expect(proxy.unknown).toEqual([]);
    const connection = await Connection.connect({ address: env.ingest.TEMPORAL_ADDRESS ?? '' });
    const { workflow } = new Client({ connection });
    const types = "WorkflowType IN ('ingestDataset', 'preprocessImages', 'trainModel')";
    // The end of a workflow is listed later than its result.
    while ((await workflow.count(`ExecutionStatus = 'Running' AND ${types}`)).count > 0);
    expect((await workflow.count(`ExecutionStatus = 'Completed' AND ${types}`)).count).toBe(15);
    await connection.close();
  });

  /** The ARNs of all model versions in the projects of a dataset. */
  async function versionsOf(dataset: string): Promise<(string | undefined)[]> {
    const { client } = services.emulator;
    const arns: (string | undefined)[] = [];
    for await (const { ProjectDescriptions = [] } of paginateDescribeProjects({ client }, {})) {
      for (const { ProjectArn } of ProjectDescriptions) {
        if (!new RegExp(`/${dataset}(-P\\d+)?/`).test(ProjectArn ?? '')) continue;
        const command = new DescribeProjectVersionsCommand({ ProjectArn });
        const { ProjectVersionDescriptions = [] } = await client.send(command);
        arns.push(...ProjectVersionDescriptions.map(({ ProjectVersionArn }) => ProjectVersionArn));
      }
    }
    return arns;
  }
});
