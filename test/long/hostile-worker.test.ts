import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { IngestResult } from '../../src/contracts/workflow-io.js';
import { startEmulator } from '../../src/emulator/emulator.js';
import { createS3Client } from '../../src/storage/client.js';
import { ObjectStore } from '../../src/storage/object-store.js';
import { roboflowArchive } from '../support/archives.js';
import { awsOf } from '../support/aws.js';
import { cli, startReady, stopProcess } from '../support/cli.js';
import { BOX, filled, withMember } from '../support/huge-json.js';
import { TreeMemory } from '../support/process-tree.js';
import { startTestSeaweedFs, startTestTemporal, temporaryHome } from '../support/servers.js';
import { type RawEntry, zipBytes } from '../support/zip-bytes.js';

const MAX_MB = 600;

const coco = (data: Buffer, name = '_annotations.coco.json'): RawEntry => ({ name, data, deflate: true });
/** The same file twelve times. */
const twelve = (data: Buffer) => Array.from({ length: 12 }, (_, n) => coco(data, `${n}.json`));

/** Archives of a few MB that kept workers busy for minutes or ended them, and what their senders are told. */
const ARCHIVES: readonly (readonly [name: string, entries: () => RawEntry[], told: RegExp])[] = [
  ['empty-images', () => [coco(filled('images', '{}', 60_000_000))], /more than 1000000 image records/],
  ['boxes', () => [coco(filled('annotations', BOX, 5_000_000))], /more than 50000 boxes/],
  [
    'orphans',
    () => [coco(filled('annotations', '{"image_id":9}', 60_000_000))],
    /more than 5000000 annotations/,
  ],
  [
    'twelve-files',
    () => [
      coco(filled('images', '{}', 0)),
      ...twelve(withMember(Buffer.from(`${' '.repeat(180_000_000)}1`))),
    ],
    /JSON files of the archive unpack to/,
  ],
  [
    'long-ids',
    () => [
      coco(filled('images', (n) => `{"id":"${n}${'i'.repeat(20_000)}","file_name":"${n}.jpg"}`, 20_000)),
    ],
    /needs more than \d+ MB of memory/,
  ],
];

describe('a worker that reads hostile archives', () => {
  let home: string;
  const ends: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    ({ home } = await temporaryHome());
  });
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
    rmSync(home, { recursive: true, force: true });
  });

  it('a worker refuses hostile archives below 600 MB of memory, while the run of another dataset ends with the same manifests', async () => {
    const s3 = await startTestSeaweedFs();
    ends.push(s3.stop);
    const temporal = await startTestTemporal();
    ends.push(temporal.stop);
    const emulator = await startEmulator({
      ...{ port: 0, stateFolder: join(home, 'rekognition'), trainingMs: 1_000, aws: awsOf(s3.env) },
    });
    ends.push(emulator.stop);
    const env = {
      ...{ ...s3.env, TEMPORAL_ADDRESS: temporal.address, CURATOR_HOME: home, MIN_CLASS_IMAGES: '2' },
      AWS_ENDPOINT_URL_REKOGNITION: emulator.endpoint,
    };
    const store = new ObjectStore(createS3Client(awsOf(s3.env)));
    const manifestsOf = async ({ uris, dataset }: IngestResult) => {
      const keys = [uris.train, uris.val].map((uri) => (uri ?? '').replace(`s3://${s3.bucket}/`, ''));
      const texts = await Promise.all(
        keys.map(async (key) => (await store.getBytes(s3.bucket, key)).toString('utf8')),
      );
      return texts.map((text) => text.replaceAll(dataset, 'DATASET'));
    };
    const ingest = async (zip: string, dataset: string) => {
      const flags = ['--dataset', dataset, '--upload-anyway', '--json'];
      return await cli(['ingest', join(home, zip), ...flags], env);
    };
    const { child } = await startReady(['worker'], env);
    ends.push(() => stopProcess(child));
    writeFileSync(join(home, 'good.zip'), await roboflowArchive(300));
    const alone: IngestResult = JSON.parse((await ingest('good.zip', 'alone')).stdout);
    expect(alone.outcome).toBe('done');

    for (const [name, entries] of ARCHIVES) {
      writeFileSync(join(home, `${name}.zip`), zipBytes([...entries(), { name: 'a.jpg' }]));
    }
    // The processes that preprocess images work for the other run.
    const memory = new TreeMemory(child.pid ?? 0, 'batch-process');
    ends.push(async () => memory.stop());
    for (const [name, , told] of ARCHIVES) {
      const start = performance.now();
      const [hostile, neighbour] = await Promise.all([
        ingest(`${name}.zip`, name),
        ingest('good.zip', `beside-${name}`),
      ]);
      const seconds = (performance.now() - start) / 1000;
      process.stdout.write(
        `${name}: both ended after ${seconds.toFixed(1)} s, peak ${memory.peakMb.toFixed(0)} MB\n`,
      );
      expect(JSON.parse(hostile.stdout)).toMatchObject({
        outcome: 'refused',
        message: expect.stringMatching(told),
      });
      const beside: IngestResult = JSON.parse(neighbour.stdout);
      expect(beside.outcome).toBe('done');
      expect(await manifestsOf(beside)).toEqual(await manifestsOf(alone));
    }
    expect(child.exitCode).toBeNull();
    expect(memory.peakMb).toBeLessThan(MAX_MB);
  }, 600_000);
});
