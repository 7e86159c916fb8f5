import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createPreprocessBatch } from '../../src/activities/preprocess-batch.js';
import { bufferSource } from '../../src/archive/source.js';
import { planBatchKey } from '../../src/dataset/model/layout.js';
import { inspect } from '../../src/pipeline/inspect.js';
import { roboflowArchive } from '../support/archives.js';
import { SMALL_DATASET, startTestPipeline, type TestPipeline } from '../support/pipeline.js';

describe('a batch of images', () => {
  let pipeline: TestPipeline;
  beforeAll(async () => {
    pipeline = await startTestPipeline();
  });
  afterAll(async () => {
    await pipeline?.stop();
  });

  it('a batch of images sends heartbeats while its first image is not finished yet', async () => {
    const archive = await roboflowArchive(3);
    const upload = await pipeline.upload('slow', archive);
    const { batches } = await inspect(bufferSource(archive), SMALL_DATASET);
    const version = '0123456789abcdef';
    const { store } = pipeline;
    await store.putJson(upload.bucket, planBatchKey('slow', version, 0), JSON.stringify(batches[0]));
    let release = () => {};
    const released = new Promise<void>((done) => {
      release = done;
    });
    const slow: typeof store = Object.assign(Object.create(store), {
      put: async (...args: Parameters<typeof store.put>) => {
        await released;
        return await store.put(...args);
      },
    });
    const env = new MockActivityEnvironment();
    const preprocessBatch = createPreprocessBatch({ ...pipeline.deps, store: slow });
    const result = env.run(preprocessBatch, {
      ...{ bucket: upload.bucket, dataset: 'slow', version, upload },
      ...{ settings: SMALL_DATASET, batch: 0 },
    });
    // The first one says that the attempt has started.
    await once(env, 'heartbeat');
    await once(env, 'heartbeat');
    release();
    expect(await result).toEqual({ images: 3, rejected: 0 });
  });
});
