import { describe, expect, it } from '@jest/globals';
import { CuratorClient } from '../../src/client/curator-client.js';
import { storageError } from '../../src/storage/errors.js';
import { ingestInput } from '../support/pipeline.js';
import { useTimeSkipping } from '../support/time-skipping.js';

const HOUR_MS = 3_600_000;

describe('training while the quota of the account is used up', () => {
  const skipping = useTimeSkipping({ trainingMs: HOUR_MS, chaos: 'quota=0.8' });

  it('a training above the quota waits, and is started once', async () => {
    const queued = await skipping.input('queued');
    const before = await skipping.env().currentTimeMs();
    const result = await skipping.withWorkers(() => skipping.ingest(queued));
    expect(result).toMatchObject({ outcome: 'done', training: { status: 'TRAINING_COMPLETED' } });
    expect(skipping.trainings()).toBe(1);
    expect(await skipping.env().currentTimeMs()).toBeGreaterThan(before + 5 * 60_000);
  });
});

describe.each(['quota', 'limit'])('training under the fault "%s" of every call', (fault) => {
  const skipping = useTimeSkipping({ trainingMs: HOUR_MS, chaos: `${fault}=1` });

  it('shows the refusal and the next attempt, on the run and on the training, until it is cancelled', async () => {
    const full = await skipping.input('full');
    const { store, s3 } = skipping.pipeline();
    await skipping.withWorkers(async () => {
      const handle = await skipping.start(full);
      const client = new CuratorClient(skipping.env().client, store, s3.bucket);
      const refusal = /^The training is queued and costs nothing yet\. Rekognition could not .*Exceeded/;
      for await (const { waiting, stage } of client.watch('full')) {
        if (!waiting?.nextAttempt) continue;
        expect(stage).toBe('training');
        expect(waiting.reason).toMatch(refusal);
        expect(waiting.attempts).toBeGreaterThan(0);
        const pause = Date.parse(waiting.nextAttempt) - (await skipping.env().currentTimeMs());
        expect(pause).toBeLessThanOrEqual(15 * 60_000);
        break;
      }
      const { raw } = await handle.describe();
      const modelVersion = raw.pendingChildren?.[0]?.workflowId?.split('/').at(-1);
      const { value } = await client.trainings.watch('full', modelVersion).next();
      expect(value?.waiting?.reason).toMatch(refusal);
      await handle.cancel();
      await expect(handle.result()).rejects.toMatchObject({ cause: { name: 'CancelledFailure' } });
      await expect(client.trainings.watch('full', modelVersion).next()).rejects.toThrow(
        /was cancelled before the service had accepted a training: it started nothing, and nothing is billed/,
      );
    });
    expect((await skipping.status('full')).result?.outcome).toBe('cancelled');
    expect(skipping.trainings()).toBe(0);
  });
});

describe('training while the credentials of the worker expire', () => {
  const skipping = useTimeSkipping({ trainingMs: 2.8 * HOUR_MS, chaos: 'expired=0.5' });

  it('a training waits for new credentials, and ends with the model, its evaluation and its card', async () => {
    const { input, ingest, text, trainings, withWorkers } = skipping;
    const expiring = await input('expiring');
    const result = await withWorkers(() => ingest(expiring));
    expect(result).toMatchObject({ outcome: 'done', training: { status: 'TRAINING_COMPLETED' } });
    expect(JSON.parse(await text(result.uris.modelCard)).evaluation.f1).toBe(result.evaluation?.f1);
    expect(trainings()).toBe(1);
  });

  it('records the result of the paid training once there are new ones', async () => {
    const { input, ingest, status, pipeline, withWorkers } = skipping;
    const { deps, store } = pipeline();
    let refusals = 3;
    const expired = Object.assign(new Error('The provided token has expired.'), { name: 'ExpiredToken' });
    const expiring: typeof store = Object.assign(Object.create(store), {
      putJson: async (bucket: string, key: string, text: string) => {
        const isEnd = key.endsWith('/status.json') && refusals-- > 0;
        if (isEnd) throw storageError(expired, 'write', bucket, key);
        return await store.putJson(bucket, key, text);
      },
    });
    const late = await input('late-record');
    await withWorkers(() => ingest(late), undefined, { ...deps, store: expiring });
    expect(refusals).toBeLessThan(0);
    expect((await status('late-record')).result).toMatchObject({
      outcome: 'done',
      training: { status: 'TRAINING_COMPLETED' },
    });
  });
});

describe('training on a service that throttles and fails', () => {
  // Half of the errors are sent after the call took effect. The SDK's retry delays are real, so the training is short.
  const chaos = 'throttle=0.2,overload=0.05,error=0.2';
  const skipping = useTimeSkipping({ trainingMs: HOUR_MS / 6, chaos });

  it('a training completes on a service that throttles and fails, and is started once', async () => {
    const upload = await skipping.pipeline().upload('shaky', await skipping.smallArchive());
    const result = await skipping.withWorkers(() => skipping.ingest(ingestInput('shaky', upload)));
    expect(result).toMatchObject({ outcome: 'done', training: { status: 'TRAINING_COMPLETED' } });
    expect(result.training?.seconds).toBeGreaterThanOrEqual(600);
    expect(skipping.trainings()).toBe(1);
  });
});
