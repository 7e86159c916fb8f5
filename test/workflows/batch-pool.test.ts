import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { BatchPool } from '../../src/activities/batches/pool.js';
import { defaultProcesses } from '../../src/activities/batches/pool-size.js';
import { type BatchJob, storeBatch } from '../../src/activities/batches/store-batch.js';
import { bufferSource } from '../../src/archive/source.js';
import { shareDecoderMemory } from '../../src/images/decoder-memory.js';
import { MemoryGate } from '../../src/images/memory-gate.js';
import { byCodePoint } from '../../src/lib/order.js';
import { ProcessLost } from '../../src/lib/process-lost.js';
import { inspect } from '../../src/pipeline/inspect.js';
import { createS3Client } from '../../src/storage/client.js';
import { StorageError } from '../../src/storage/errors.js';
import { ObjectStore } from '../../src/storage/object-store.js';
import { roboflowArchive } from '../support/archives.js';
import { awsOf } from '../support/aws.js';
import { SMALL_DATASET } from '../support/pipeline.js';
import { startTestSeaweedFs, type TestS3 } from '../support/servers.js';
import { zipBytes } from '../support/zip-bytes.js';

const IMAGES = 6;
const ignore = () => undefined;
const failureOf = async (work: Promise<unknown>) => await work.then(ignore, (error: unknown) => error);

describe('a pool of processes for batches', () => {
  let s3: TestS3;
  let store: ObjectStore;
  let job: BatchJob;
  let pool: BatchPool;

  beforeAll(async () => {
    s3 = await startTestSeaweedFs();
    store = new ObjectStore(createS3Client(awsOf(s3.env)));
    pool = new BatchPool(awsOf(s3.env), 2);
    const archive = await roboflowArchive(IMAGES);
    const { batches } = await inspect(bufferSource(archive), SMALL_DATASET);
    await store.put(s3.bucket, 'in.zip', archive);
    const head = await store.head(s3.bucket, 'in.zip');
    const upload = { bucket: s3.bucket, key: 'in.zip', etag: head?.etag ?? '', bytes: archive.length };
    const [batch] = batches;
    if (!batch) throw new Error('The archive has no batch.');
    const reusable = { sameArchive: false, images: new Map() };
    job = { bucket: s3.bucket, dataset: 'pool', upload, settings: SMALL_DATASET, batch, reusable };
  });
  afterEach(() => pool.close());
  afterAll(async () => {
    await s3?.stop();
  });

  it('returns what the batch returns in this process, and stores the same objects', async () => {
    const here = await storeBatch(store, { ...job, dataset: 'here' }, ignore);
    let images = 0;
    const apart = await pool.run({ ...job, dataset: 'here' }, () => {
      images += 1;
    });
    expect(apart).toEqual(here);
    expect(images).toBe(IMAGES);
    await pool.run({ ...job, dataset: 'apart' }, ignore);
    expect(await objectsOf('datasets/apart/')).toEqual(await objectsOf('datasets/here/'));
  });

  it('uses a process again for the next batch', async () => {
    await pool.run(job, ignore);
    const [first] = children();
    await pool.run(job, ignore);
    expect(children()).toEqual([first]);
  });

  it('throws the error of storage, with its kind and its advice', async () => {
    const changed = { ...job, upload: { ...job.upload, etag: '"another"' } };
    const here = await failureOf(storeBatch(store, changed, ignore));
    const apart = await failureOf(pool.run(changed, ignore));
    expect(apart).toBeInstanceOf(StorageError);
    expect(apart).toMatchObject({ kind: 'changed', message: (here as StorageError).message });
  });

  it('tells refused credentials from other refusals', async () => {
    const env = { ...s3.env, AWS_SECRET_ACCESS_KEY: 'another-secret' };
    const refused = new BatchPool(awsOf(env), 1);
    const error = await failureOf(refused.run(job, ignore));
    refused.close();
    expect(error).toBeInstanceOf(StorageError);
    expect(error).toMatchObject({ kind: 'refused', needsLogin: true, retryable: false });
  });

  it('reports that a process was killed, and starts another one for the next batch', async () => {
    const killed: number[] = [];
    // Never responds, so that no batch can be done before its process is killed.
    const storage = createServer(() => {
      for (const child of children()) {
        killed.push(child);
        process.kill(child, 'SIGKILL');
      }
    });
    await once(storage.listen(0, '127.0.0.1'), 'listening');
    const { port } = storage.address() as AddressInfo;
    const endpoint = `http://127.0.0.1:${port}`;
    const killing = new BatchPool(awsOf({ ...s3.env, AWS_ENDPOINT_URL_S3: endpoint }), 1);
    for (let i = 0; i < 2; i++) {
      const error = await failureOf(killing.run(job, ignore));
      expect(error).toBeInstanceOf(ProcessLost);
      expect(error).toMatchObject({
        message: expect.stringMatching(/ended unexpectedly \(SIGKILL\).*log/),
      });
    }
    expect(new Set(killed).size).toBe(2);
    storage.close();
  });

  it('ends the process of a batch that is aborted', async () => {
    const aborter = new AbortController();
    const reason = new Error('stopped');
    const aborted = pool.run(job, () => aborter.abort(reason), aborter.signal);
    expect(await failureOf(aborted)).toBe(reason);
    await untilNoChildren();
  });

  it('asks the worker for the memory of a decoder that holds a whole picture', async () => {
    const asked: number[] = [];
    shareDecoderMemory({
      run: async (bytes, decode) => {
        asked.push(bytes);
        return await decode();
      },
    });
    const archive = await interlacedArchive();
    await store.put(s3.bucket, 'interlaced.zip', archive);
    const head = await store.head(s3.bucket, 'interlaced.zip');
    const upload = { ...job.upload, key: 'interlaced.zip', etag: head?.etag ?? '', bytes: archive.length };
    const { batches } = await inspect(bufferSource(archive), SMALL_DATASET);
    const [batch] = batches;
    if (!batch) throw new Error('The archive has no batch.');
    await pool.run({ ...job, upload, batch }, ignore);
    shareDecoderMemory(new MemoryGate(1_000_000_000));
    expect(asked).toEqual([100 * 80 * 3]);
  });

  it('ends a process that has had no batch for a while', async () => {
    const brief = new BatchPool(awsOf(s3.env), 2, undefined, 50);
    await brief.run(job, ignore);
    await untilNoChildren();
    expect((await brief.run(job, ignore)).result.images).toHaveLength(IMAGES);
    brief.close();
  });

  it('leaves no process behind when it is closed', async () => {
    await Promise.all([pool.run(job, ignore), pool.run(job, ignore)]);
    expect(children()).toHaveLength(2);
    pool.close();
    await untilNoChildren();
  });

  it('does not end when the terminal sends Ctrl-C, which the worker handles', async () => {
    const result = await pool.run(job, () => {
      for (const child of children()) process.kill(child, 'SIGINT');
    });
    expect(result.result.images).toHaveLength(IMAGES);
  });

  async function objectsOf(prefix: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key, etag } of store.list(s3.bucket, prefix)) {
      keys.push(`${key.slice(prefix.length)} ${etag}`);
    }
    return keys.sort(byCodePoint);
  }
});

describe('the number of processes', () => {
  it('is the number of processors, or fewer if memory is short', () => {
    const GB = 1024 ** 3;
    expect(defaultProcesses(8, 64 * GB)).toBe(8);
    expect(defaultProcesses(8, 2 * GB)).toBe(4);
    expect(defaultProcesses(8, GB / 4)).toBe(1);
  });
});

/** An archive with one PNG of 100 x 80 pixels that is decoded as a whole. */
async function interlacedArchive(): Promise<Buffer> {
  const background = { r: 200, g: 30, b: 30 };
  const picture = sharp({ create: { width: 100, height: 80, channels: 3, background } });
  const data = await picture.png({ progressive: true }).toBuffer();
  const coco = {
    images: [{ id: 1, file_name: 'a.png', width: 100, height: 80 }],
    annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [10, 10, 30, 30] }],
    categories: [{ id: 1, name: 'a' }],
  };
  return zipBytes([
    { name: 'a.png', data },
    { name: 'c.json', data: Buffer.from(JSON.stringify(coco)) },
  ]);
}

/** Ids of the processes that preprocess batches for this one. */
function children(): number[] {
  const { stdout } = spawnSync('pgrep', ['-P', String(process.pid), '-f', 'batch-process'], {
    encoding: 'utf8',
  });
  return stdout.split('\n').filter(Boolean).map(Number);
}

async function untilNoChildren(): Promise<void> {
  while (children().length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
}
