import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { CuratorClient } from '../../src/client/curator-client.js';
import type { StartRequest } from '../../src/client/requests.js';
import type { Upload } from '../../src/contracts/workflow-io.js';
import { uploadSha256 } from '../../src/dataset/model/identity.js';
import { ledgerKey, statusKey } from '../../src/dataset/model/layout.js';
import { type Input, openInput } from '../../src/input/input.js';
import { ingestInput } from '../../src/intake/ingest-input.js';
import { Intake } from '../../src/intake/intake.js';
import { markRefused } from '../../src/intake/landing.js';
import { refusedUploads } from '../../src/intake/refused-uploads.js';
import { createS3Client } from '../../src/storage/client.js';
import { ObjectStore } from '../../src/storage/object-store.js';
import { awsOf } from '../support/aws.js';
import { RUN_SETTINGS, SMALL_DATASET } from '../support/pipeline.js';
import { startTestSeaweedFs, startTestTemporal } from '../support/servers.js';

/** Run id of an earlier run in the ledger. */
const EARLIER_RUN = '0199b1c2-5d1e-7a3b-9c4d-000000000001';

/** On a real dev server without a worker, so that a started run makes no progress. */
describe('CuratorClient', () => {
  let client: CuratorClient;
  let store: ObjectStore;
  let temporal: Client;
  const ends: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    const s3 = await startTestSeaweedFs();
    ends.push(s3.stop);
    const server = await startTestTemporal();
    ends.push(server.stop);
    const connection = await Connection.connect({ address: server.address });
    ends.push(() => connection.close());
    store = new ObjectStore(createS3Client(awsOf(s3.env)));
    temporal = new Client({ connection });
    client = new CuratorClient(temporal, store, s3.bucket, {
      // Longer than a busy server needs to report that a run does not exist.
      queryMs: 3_000,
      changeMs: 5_000,
    });
  });
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  function request(dataset: string, key: string, trigger: StartRequest['trigger'] = 'event'): StartRequest {
    const upload: Upload = { bucket: client.bucket, key, etag: '"e"', bytes: 10 };
    return { dataset, upload, settings: SMALL_DATASET, run: RUN_SETTINGS, trigger };
  }

  async function writeLedger({ dataset, upload }: StartRequest, outcome: string): Promise<void> {
    const entry = { upload, workflowId: `ingest/${dataset}`, runId: EARLIER_RUN, outcome, result: null };
    await store.put(client.bucket, ledgerKey(dataset, uploadSha256(upload)), JSON.stringify(entry));
  }

  it('returns the existing run for a repeated notification of an upload', async () => {
    const first = await client.startIngest(request('repeated', 'landing/repeated/a/x.zip'));
    const second = await client.startIngest(request('repeated', 'landing/repeated/a/x.zip'));
    expect(first.started).toBe(true);
    expect(second).toMatchObject({ started: false, runId: first.runId });
  });

  it('refuses another upload of the dataset and names the one that is being ingested', async () => {
    await client.startIngest(request('busy', 'landing/busy/a/first.zip'));
    await expect(client.startIngest(request('busy', 'landing/busy/b/second.zip'))).rejects.toThrow(
      /busy is already being ingested from landing\/busy\/a\/first\.zip.*curator cancel busy/,
    );
  });

  describe('an archive that is ingested while another one of its dataset is', () => {
    const nothingSent = () => undefined;
    const inputRequest = (dataset: string) => ({ dataset, settings: SMALL_DATASET, run: RUN_SETTINGS });
    const landed = async (dataset: string) => {
      const keys: string[] = [];
      for await (const { key } of store.list(client.bucket, `landing/${dataset}/`)) keys.push(key);
      return keys;
    };
    async function archiveFile(name: string): Promise<Input> {
      const path = join(await mkdtemp(join(tmpdir(), 'curator-archive-')), name);
      await writeFile(path, `the bytes of ${name}`);
      ends.push(() => rm(dirname(path), { recursive: true }));
      return await openInput(path, nothingSent);
    }
    const start = (dataset: string) => client.startIngest(request(dataset, `landing/${dataset}/a/x.zip`));

    it('a second archive of a dataset is refused before anything is sent', async () => {
      await start('crowded');
      const refused = ingestInput(
        client,
        await archiveFile('second.zip'),
        inputRequest('crowded'),
        nothingSent,
      );
      await expect(refused).rejects.toThrow(/crowded is already being ingested from landing/);
      expect(await landed('crowded')).toEqual([]);
    });

    it('a second archive of a dataset is not started by a later sweep if the other run was started during the upload', async () => {
      // The other run starts right after the check.
      const racing: CuratorClient = Object.assign(Object.create(client), {
        assertIdle: () => start('raced'),
      });
      const refused = ingestInput(racing, await archiveFile('late.zip'), inputRequest('raced'), nothingSent);
      await expect(refused).rejects.toThrow(/raced is already being ingested/);
      await temporal.workflow.getHandle('ingest/raced').terminate();
      const { settings, run } = inputRequest('raced');
      const intake = new Intake(client, { settings, run, datasetName: undefined });
      const swept = await intake.sweep({ graceMs: -60_000, signal: new AbortController().signal });
      const [key = ''] = (await landed('raced')).filter((one) => one.endsWith('.zip'));
      expect(swept.find((one) => one.key === key)).toEqual({
        ...{ key, outcome: 'ignored', reason: 'It was refused when its sender announced it.' },
      });
      expect(await refusedUploads(store, client.bucket, 'raced')).toEqual([
        { dataset: 'raced', key, refused: expect.any(String) },
      ]);
      // A person who ingests it again starts it.
      const again = await ingestInput(
        client,
        await archiveFile('late.zip'),
        inputRequest('raced'),
        nothingSent,
      );
      expect(again.started).toBe(true);
    });

    it('an upload that was refused is no longer listed once the ledger has it', async () => {
      const upload = { ...request('listed', 'landing/listed/a/x.zip').upload, etag: '' };
      await store.put(client.bucket, upload.key, 'archive');
      upload.etag = (await store.head(client.bucket, upload.key))?.etag ?? '';
      await markRefused(store, upload);
      const listed = async () => (await refusedUploads(store, client.bucket)).map(({ key }) => key);
      expect(await listed()).toContain(upload.key);
      await writeLedger({ ...request('listed', upload.key), upload }, 'running');
      expect(await listed()).not.toContain(upload.key);
    });
  });

  describe('a training that cannot be joined', () => {
    const join = (dataset: string, modelVersion?: string) =>
      client.trainings.rejoin(dataset, modelVersion, 60);

    it('names an unknown dataset, and the command that lists the others', async () => {
      await expect(join('unknown-set')).rejects.toThrow(
        /^No run found for the dataset unknown-set\. .*curator list/,
      );
      await expect(join('unknown-set', 'v1-r1')).rejects.toThrow(
        /^No run found for the dataset unknown-set\./,
      );
    });

    it('names the model versions that a dataset has if another one is requested', async () => {
      const training = await temporal.workflow.start('trainModel', {
        ...{ taskQueue: 'nobody', workflowId: 'train/joined/aaaa-r1', args: [] },
      });
      ends.push(async () => void (await training.terminate()));
      await untilListed('train/joined/aaaa-r1');
      await expect(join('joined', 'bbbb-r1')).rejects.toThrow(
        'joined has no training of the model version bbbb-r1. It has: aaaa-r1.',
      );
    });

    it('says that a dataset was never trained', async () => {
      await client.startIngest(request('untrained', 'landing/untrained/a/x.zip'));
      await expect(join('untrained')).rejects.toThrow(/^No training workflow found for untrained\./);
    });

    /** The list of workflows is updated later than the workflow itself. */
    async function untilListed(workflowId: string): Promise<void> {
      for (;;) {
        for await (const listed of temporal.workflow.list({ query: "WorkflowType = 'trainModel'" }))
          if (listed.workflowId === workflowId) return;
      }
    }
  });

  it.each(['done', 'failed', 'refused', 'cancelled'])(
    'starts no run for an event of an upload whose run ended as %s',
    async (outcome) => {
      const again = request(`late-${outcome}`, `landing/late-${outcome}/a/x.zip`);
      await writeLedger(again, outcome);
      expect(await client.startIngest(again)).toMatchObject({ started: false, runId: EARLIER_RUN });
    },
  );

  it('restarts a failed upload for a person', async () => {
    const again = request('retried', 'landing/retried/a/x.zip', 'person');
    await writeLedger(again, 'failed');
    expect(await client.startIngest(again)).toMatchObject({ started: true });
  });

  it('restarts an upload that is running in the ledger but unknown to Temporal', async () => {
    const again = request('lost', 'landing/lost/a/x.zip');
    await writeLedger(again, 'running');
    expect(await client.startIngest(again)).toMatchObject({ started: true });
  });

  it('numbers the next training attempt above all earlier ones', async () => {
    expect(await client.trainings.nextAttempt('trained')).toBe(2);
    for (const id of ['train/trained/0123456789abcdef-r4', 'train/trained-too/0123456789abcdef-r9']) {
      await temporal.workflow.start('trainModel', { taskQueue: 'nobody', workflowId: id });
    }
    // The visibility store is updated with a delay.
    while ((await temporal.workflow.count("WorkflowType = 'trainModel'")).count < 2);
    expect(await client.trainings.nextAttempt('trained')).toBe(5);
  });

  it('reports that no worker responds as unavailable', async () => {
    await client.startIngest(request('idle', 'landing/idle/a/x.zip'));
    await expect(client.progress('idle')).rejects.toMatchObject({
      name: 'UnavailableError',
      message: expect.stringContaining('curator worker'),
    });
  });

  it('reports that Temporal does not respond when a run is started', async () => {
    const connection = Connection.lazy({ address: '127.0.0.1:9' });
    const away = new CuratorClient(new Client({ connection }), store, client.bucket, {
      queryMs: 100,
      changeMs: 100,
    });
    await expect(away.startIngest(request('away', 'landing/away/a/x.zip'))).rejects.toMatchObject({
      name: 'UnavailableError',
      message: expect.stringContaining('Temporal does not respond'),
    });
    await connection.close();
  });

  it('lists why a run was refused', async () => {
    const upload: Upload = { bucket: client.bucket, key: 'landing/refusing/a/x.zip', etag: '"e"', bytes: 10 };
    const run = { dataset: 'refusing', workflowId: 'ingest/refusing', runId: EARLIER_RUN, version: null };
    const none = { train: null, val: null, labelsTxt: null, labelsJson: null, report: null, modelCard: null };
    const result = {
      ...{ outcome: 'refused', message: 'The archive is empty.', ...run, archive: upload, images: null },
      ...{ annotations: null, labels: [], droppedClasses: [], groups: null, findings: [], uris: none },
      ...{ evaluation: null, training: null },
    };
    const status = {
      ...{ stage: 'refused', ...run, upload },
      ...{ images: { done: 0, total: 0, rejected: 0 }, stages: [] },
      ...{ training: null, approval: null },
      result,
    };
    await store.put(client.bucket, statusKey('refusing'), JSON.stringify(status));
    const [listed] = (await client.list()).filter(({ dataset }) => dataset === 'refusing');
    expect(listed).toMatchObject({ status: 'refused', reason: 'The archive is empty.' });
    expect(listed).not.toHaveProperty('images');
  });

  it('lists the quality of the dataset of an ended run, and none for runs of earlier versions', async () => {
    for (const [dataset, quality] of [
      ['judged', { quality: 'unreliable', qualityReasons: [] }],
      ['unjudged', {}],
    ] as const) {
      const upload: Upload = {
        bucket: client.bucket,
        key: `landing/${dataset}/a/x.zip`,
        etag: '"e"',
        bytes: 10,
      };
      const status = {
        ...{ stage: 'done', dataset, workflowId: `ingest/${dataset}`, runId: EARLIER_RUN, upload },
        ...{ version: null, images: { done: 0, total: 0, rejected: 0 }, stages: [] },
        ...{ training: null, approval: null, result: null, ...quality },
      };
      await store.put(client.bucket, statusKey(dataset), JSON.stringify(status));
    }
    const runs = (await client.list()).filter(({ dataset }) => dataset.endsWith('judged'));
    const entry = { status: 'done', started: '', runId: EARLIER_RUN };
    expect(runs).toEqual([
      { ...entry, dataset: 'judged', quality: 'unreliable' },
      { ...entry, dataset: 'unjudged' },
    ]);
  });

  it('reports a run that Temporal no longer has as ended', async () => {
    const upload: Upload = { bucket: client.bucket, key: 'landing/old/a/x.zip', etag: '"e"', bytes: 10 };
    const status = {
      ...{ stage: 'failed', dataset: 'old', workflowId: 'ingest/old', runId: EARLIER_RUN, upload },
      ...{ version: null, images: { done: 0, total: 0, rejected: 0 }, stages: [] },
      ...{ training: null, approval: null, result: null },
    };
    await store.put(client.bucket, statusKey('old'), JSON.stringify(status));
    const ended = { name: 'RefusedError', message: 'The run of old has ended.' };
    await expect(client.cancel('old')).rejects.toMatchObject(ended);
    await expect(client.decide('old', 'approve', { by: 'mira', note: '' })).rejects.toMatchObject(ended);
  });

  it('reports that a dataset that was never ingested has no run', async () => {
    await expect(client.progress('unheard-of')).rejects.toThrow('No run found for the dataset unheard-of.');
  });
});
