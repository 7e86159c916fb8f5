import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { noopMetricMeter } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createMetrics } from '../../src/activities/metrics/metrics.js';
import { createPublishManifests } from '../../src/activities/publish-manifests.js';
import { createAwaitTraining } from '../../src/activities/training/await-training.js';
import { ObjectStore } from '../../src/storage/object-store.js';
import { realClock } from '../../src/training/await-training.js';
import { Trainer } from '../../src/training/trainer.js';

const ARN = 'arn:aws:rekognition:us-east-1:000000000000:project/skin/version/v1/1';
const shutdown = new AbortController().signal;

describe('activities whose service does not respond', () => {
  it('the wait for a training sends heartbeats while the service does not respond', async () => {
    const { respond, responded } = silence();
    const trainer: Trainer = Object.assign(Object.create(Trainer.prototype), {
      kind: () => Promise.resolve('emulator'),
      describeVersion: async () => {
        await responded;
        return { Status: 'TRAINING_COMPLETED', ProjectVersionArn: ARN };
      },
    });
    const env = new MockActivityEnvironment();
    const result = env.run(
      createAwaitTraining({ trainer, clock: realClock, metrics: createMetrics(noopMetricMeter), shutdown }),
      {
        ...{ dataset: 'skin', modelVersion: 'v1', bucket: 'b', trainManifestKey: 't', valManifestKey: 'v' },
        ...{ projectVersionArn: ARN, timeoutSecs: 3_600 },
      },
    );
    await once(env, 'heartbeat');
    respond();
    expect(await result).toMatchObject({ projectVersionArn: ARN, status: 'TRAINING_COMPLETED' });
  });

  it('the publication of manifests sends heartbeats while S3 does not respond', async () => {
    const { respond, responded } = silence();
    const copied: string[] = [];
    const store: ObjectStore = Object.assign(Object.create(ObjectStore.prototype), {
      copy: async (_bucket: string, _source: string, to: string) => {
        await responded;
        copied.push(to);
      },
    });
    const env = new MockActivityEnvironment();
    const result = env.run(createPublishManifests({ store, shutdown }), {
      ...{ bucket: 'b', dataset: 'skin', version: '0123456789abcdef', manifestAccess: 'private' as const },
    });
    await once(env, 'heartbeat');
    expect(copied).toEqual([]);
    respond();
    await result;
    expect(copied.at(-1)).toMatch(/train\.manifest$/);
  });
});

/** A service that responds only after `respond` was called. */
function silence(): { respond: () => void; responded: Promise<void> } {
  let resolve = () => {};
  const responded = new Promise<void>((done) => {
    resolve = done;
  });
  return { respond: () => resolve(), responded };
}
