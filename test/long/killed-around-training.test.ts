import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DescribeProjectsCommand, DescribeProjectVersionsCommand } from '@aws-sdk/client-rekognition';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { IngestResult, TrainResult } from '../../src/contracts/workflow-io.js';
import { roboflowArchive } from '../support/archives.js';
import { cli, startReady, stopProcess } from '../support/cli.js';
import type { TestEmulator } from '../support/emulator.js';
import { type Passing, startHoldingProxy, startMutingProxy } from '../support/holding-proxy.js';
import { startTestServices } from '../support/services.js';

const SMALL = ['--min-class-images', '2'];

/** Points at which the worker is killed, each with a dataset of that name. */
const POINTS: Readonly<Record<string, (passing: Passing) => boolean>> = {
  'before-the-project': ({ operation, phase }) => operation === 'CreateProject' && phase === 'request',
  'after-the-project': ({ operation, phase }) => operation === 'CreateProject' && phase === 'response',
  'before-the-call': ({ operation, phase }) => operation === 'CreateProjectVersion' && phase === 'request',
  'after-it-took-effect': ({ operation, phase }) =>
    operation === 'CreateProjectVersion' && phase === 'response',
  'before-completion': ({ operation, phase }) => operation === 'CreateProjectVersion' && phase === 'response',
  'at-the-first-poll': ({ operation, phase }) =>
    operation === 'DescribeProjectVersions' && phase === 'request',
  'at-the-last-poll': ({ operation, received }) =>
    operation === 'DescribeProjectVersions' && received.includes('TRAINING_COMPLETED'),
};
const DATASETS = Object.keys(POINTS);

describe('a worker that is killed around the billable call', () => {
  const ends: (() => Promise<unknown>)[] = [];
  let home: string;
  let emulator: TestEmulator;
  let env: Readonly<Record<string, string>>;
  let temporalPort: number;

  beforeAll(async () => {
    const services = await startTestServices();
    ends.push(services.stop);
    ({ home, emulator, env } = services);
    temporalPort = Number(services.temporal.address.split(':')[1]);
  });
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  it('starts one training per dataset, which the next worker completes', async () => {
    const proxy = await startHoldingProxy(emulator.emulator.endpoint);
    ends.push(proxy.stop);
    const muting = await startMutingProxy(temporalPort);
    ends.push(muting.stop);
    const isOf =
      (dataset: string) =>
      ({ sent }: Passing) =>
        sent.includes(`"${dataset}"`) || sent.includes(`:project/${dataset}/`);
    const holds = new Map(
      DATASETS.map((dataset) => [
        dataset,
        proxy.hold((passing) => isOf(dataset)(passing) && POINTS[dataset]?.(passing) === true),
      ]),
    );
    const { child: first } = await startReady(['worker'], {
      ...env,
      TEMPORAL_ADDRESS: muting.address,
      AWS_ENDPOINT_URL_REKOGNITION: proxy.endpoint,
    });

    // The test may fail before the kill.
    ends.push(async () => void first.kill('SIGKILL'));

    const zip = join(home, 'set.zip');
    writeFileSync(zip, await roboflowArchive(20));
    for (const dataset of DATASETS) {
      const started = await cli(['ingest', zip, '--dataset', dataset, '--no-wait', ...SMALL], env);
      expect(started.code).toBe(0);
    }
    for (const hold of holds.values()) await hold.reached;
    // Two runs have not sent the call yet, and two have no project yet.
    expect(emulator.emulator.service.trainingsStarted).toBe(4);
    muting.mute();
    await holds.get('before-completion')?.release();
    first.kill('SIGKILL');
    await once(first, 'exit');

    const { child: second } = await startReady(['worker'], env);
    ends.push(() => stopProcess(second));
    for (const dataset of DATASETS) {
      const { stdout } = await cli(['ingest', zip, '--dataset', dataset, '--json', ...SMALL], env);
      const result: IngestResult = JSON.parse(stdout);
      expect({ dataset, outcome: result.outcome }).toEqual({ dataset, outcome: 'done' });
      expect(await versionsOf(dataset)).toEqual([result.training?.projectVersionArn]);
      const attached: TrainResult = JSON.parse((await cli(['attach', dataset, '--json'], env)).stdout);
      expect(attached.training).toEqual(result.training);
    }
    expect(emulator.emulator.service.trainingsStarted).toBe(DATASETS.length);
  }, 600_000);

  it('trains nothing again after a new upload of the same content', async () => {
    const before = emulator.emulator.service.trainingsStarted;
    const zip = join(home, 'another-name.zip');
    writeFileSync(zip, await roboflowArchive(20));
    const dataset = 'before-the-call';
    const { stdout } = await cli(['ingest', zip, '--dataset', dataset, '--json', ...SMALL], env);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'done' });
    expect(emulator.emulator.service.trainingsStarted).toBe(before);
  }, 60_000);

  async function versionsOf(dataset: string): Promise<(string | undefined)[]> {
    const projects = await emulator.client.send(new DescribeProjectsCommand({ ProjectNames: [dataset] }));
    const ProjectArn = projects.ProjectDescriptions?.[0]?.ProjectArn;
    const versions = await emulator.client.send(new DescribeProjectVersionsCommand({ ProjectArn }));
    return (versions.ProjectVersionDescriptions ?? []).map(({ ProjectVersionArn }) => ProjectVersionArn);
  }
});
