import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type ConvertInput, convertVersion } from '../../src/activities/curating/convert-version.js';
import { Curating } from '../../src/activities/curating/curating.js';
import { validateVersion } from '../../src/activities/curating/validate-version.js';
import {
  batchResultKey,
  batchThumbnailsKey,
  planBatchKey,
  planKey,
  versionKey,
} from '../../src/dataset/model/layout.js';
import { ProcessLost } from '../../src/lib/process-lost.js';
import { StorageError } from '../../src/storage/errors.js';
import { roboflowArchive } from '../support/archives.js';
import { awsOf } from '../support/aws.js';
import { SMALL_DATASET, startTestPipeline, type TestPipeline } from '../support/pipeline.js';
import { makeVersion } from '../support/versions.js';

const FILES = [
  'train.manifest',
  'val.manifest',
  'labels.json',
  'images.jsonl',
  'validation_report.json',
] as const;
const resultKey = (dataset: string, version: string) => batchResultKey(dataset, version, 0);
const thumbnailsKey = (dataset: string, version: string) => batchThumbnailsKey(dataset, version, 0);
const NEVER = new AbortController().signal;
const ignore = () => undefined;
const failureOf = async (work: Promise<unknown>) => await work.then(ignore, (error: unknown) => error);

describe('curating in a process of its own', () => {
  let pipeline: TestPipeline;
  let curating: Curating;
  let input: ConvertInput;
  beforeAll(async () => {
    pipeline = await startTestPipeline();
    curating = new Curating(awsOf(pipeline.s3.env));
    const { version } = await makeVersion(pipeline, 'skin', await roboflowArchive(20));
    const ref = { bucket: pipeline.s3.bucket, dataset: 'skin', version };
    const how = { manifestAccess: 'private', trainingAttempt: 1 } as const;
    input = { ...ref, ...how, batches: 1, settings: SMALL_DATASET };
  });
  afterAll(async () => {
    await pipeline?.stop();
  });
  afterEach(() => {
    expect(children()).toEqual([]);
  });

  async function filesOf({ bucket, dataset, version }: ConvertInput): Promise<string[]> {
    const read = FILES.map((file) => pipeline.store.getBytes(bucket, versionKey(dataset, version, file)));
    return (await Promise.all(read)).map(String);
  }

  it('returns and writes what curating in this process does', async () => {
    const converted = await convertVersion(pipeline.store, input, ignore);
    const validated = await validateVersion(pipeline.store, input);
    const here = await filesOf(input);
    expect(await curating.convert(input, ignore, NEVER)).toEqual(converted);
    expect(await curating.validate(input, NEVER)).toEqual(validated);
    expect(await filesOf(input)).toEqual(here);
  });

  it('reports how many batches it has read', async () => {
    const counts: unknown[] = [];
    await curating.convert(input, (count) => counts.push(count), NEVER);
    expect(counts).toEqual([{ batchesRead: 1, of: 1 }]);
  });

  it('curates small datasets one after another, so that many at once need the memory of one', async () => {
    const processes: number[] = [];
    const countProcesses = () => processes.push(children().length);
    const strict = { ...input, settings: { ...SMALL_DATASET, minClassImages: 1_000 } };
    await Promise.all([
      curating.convert(input, countProcesses, NEVER),
      failureOf(curating.convert(strict, countProcesses, NEVER)),
      curating.convert(input, countProcesses, NEVER),
    ]);
    expect(processes).toEqual([1, 1, 1]);
  });

  it('curates a small dataset while a large one is curated', async () => {
    const aborter = new AbortController();
    const { aws, close, asked } = await silentStorage(ignore);
    const large = new Curating(aws).convert({ ...input, batches: 1_000 }, ignore, aborter.signal);
    await asked;
    expect(await curating.convert(input, ignore, NEVER)).toMatchObject({ images: { used: 20 } });
    aborter.abort(new Error('stopped'));
    await expect(large).rejects.toThrow('stopped');
    close();
  });

  it('throws the refusal of the dataset, with its details', async () => {
    const strict = { ...input, settings: { ...SMALL_DATASET, minClassImages: 1_000 } };
    const here = await failureOf(convertVersion(pipeline.store, strict, ignore));
    const apart = await failureOf(curating.convert(strict, ignore, NEVER));
    expect(apart).toMatchObject({ name: 'DatasetError', type: 'NoClassLeft' });
    const { message, details } = here as Error & { details: object };
    expect(apart).toMatchObject({ message, details });
  });

  it('throws the error of storage, with its kind', async () => {
    const error = await failureOf(curating.validate({ ...input, dataset: 'missing' }, NEVER));
    expect(error).toBeInstanceOf(StorageError);
    expect(error).toMatchObject({ kind: 'missing', message: expect.stringContaining('train.manifest') });
  });

  it('refuses a dataset that needs more memory than the limit, and goes on', async () => {
    const { store } = pipeline;
    const { bucket, version } = input;
    const large = { ...input, dataset: 'large' };
    const box = { label: 'acne', x: 1, y: 1, width: 2, height: 2 };
    const image = { path: 'a.jpg', cocoFile: 'c.json', record: 'image id 1', width: 9, height: 9 };
    const boxes = Array.from({ length: 500_000 }, () => box);
    const entry = { path: 'a.jpg', offset: 0, compressedSize: 1, size: 1, crc32: 1, method: 0, modified: '' };
    const planned = { entry, image: { ...image, annotations: boxes.length, boxes } };
    const batch = JSON.stringify({ index: 0, images: [planned] });
    await store.putJson(bucket, planBatchKey('large', version, 0), batch);
    for (const keyOf of [planKey, resultKey, thumbnailsKey]) {
      await store.copy(bucket, keyOf('skin', version), keyOf('large', version));
    }
    const small = new Curating(awsOf(pipeline.s3.env), 100);
    expect(await failureOf(small.convert(large, ignore, NEVER))).toMatchObject({
      name: 'DatasetError',
      type: 'ArchiveUnsafe',
      message: expect.stringMatching(/^Curating the dataset needs more than 100 MB of memory\. Split/),
    });
    expect(await small.convert(input, ignore, NEVER)).toMatchObject({ images: { used: 20 } });
  });

  it('reports that its process was killed, which a retry may fix', async () => {
    const { aws, close } = await silentStorage(() => {
      for (const child of children()) process.kill(child, 'SIGKILL');
    });
    const error = await failureOf(new Curating(aws).convert(input, ignore, NEVER));
    expect(error).toBeInstanceOf(ProcessLost);
    expect(error).toMatchObject({
      message:
        'The process that curates the dataset ended unexpectedly (SIGKILL). Look for the reason in the logs of its machine, such as too little memory.',
    });
    close();
  });

  it('ends its process when it is aborted', async () => {
    const aborter = new AbortController();
    const reason = new Error('stopped');
    const { aws, close } = await silentStorage(() => aborter.abort(reason));
    expect(await failureOf(new Curating(aws).validate(input, aborter.signal))).toBe(reason);
    close();
  });

  it('shows no secret key on the command line of its process', async () => {
    const aborter = new AbortController();
    let commandLines = '';
    const { aws, close } = await silentStorage(() => {
      commandLines = spawnSync('ps', ['-ww', '-o', 'args=', '-p', children().join()], {
        encoding: 'utf8',
      }).stdout;
      aborter.abort(new Error('seen'));
    });
    await failureOf(new Curating(aws).validate(input, aborter.signal));
    expect(commandLines).toContain('curating-process');
    expect(commandLines).not.toContain(aws.credentials?.secretAccessKey);
    close();
  });

  it('goes on when the terminal sends Ctrl-C or SIGTERM, which the worker handles', async () => {
    const signalled: number[] = [];
    const converted = await curating.convert(
      input,
      () => {
        for (const child of children()) {
          signalled.push(child);
          process.kill(child, 'SIGINT');
          process.kill(child, 'SIGTERM');
        }
      },
      NEVER,
    );
    expect(signalled).toHaveLength(1);
    expect(converted.images.used).toBe(20);
  });

  it('leaves no process behind when its worker is killed', async () => {
    const { aws, close, asked } = await silentStorage(ignore);
    const module = new URL('../../dist/activities/curating/curating.js', import.meta.url);
    const worker = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `import { Curating } from ${JSON.stringify(module)};
        await new Curating(${JSON.stringify(aws)}).validate(${JSON.stringify(input)}, new AbortController().signal);`,
      ],
      { stdio: 'ignore' },
    );
    await asked;
    const [child] = children(worker.pid);
    if (child === undefined) throw new Error('The worker has started no process.');
    worker.kill('SIGKILL');
    while (isRunning(child)) await new Promise((resolve) => setTimeout(resolve, 20));
    close();
  });

  /** Storage that never responds, so that no step ends before what its first request causes. */
  async function silentStorage(onRequest: () => void) {
    let ask = () => {};
    const asked = new Promise<void>((resolve) => {
      ask = resolve;
    });
    const server = createServer(() => {
      onRequest();
      ask();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const aws = awsOf({ ...pipeline.s3.env, AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}` });
    return { aws, asked, close: () => server.close() };
  }
});

/** Ids of the processes that curate for a process, by default for this one. */
function children(parent = process.pid): number[] {
  const { stdout } = spawnSync('pgrep', ['-P', String(parent), '-f', 'curating-process'], {
    encoding: 'utf8',
  });
  return stdout.split('\n').filter(Boolean).map(Number);
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
