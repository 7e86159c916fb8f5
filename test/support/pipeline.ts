import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RekognitionClient } from '@aws-sdk/client-rekognition';
import { noopMetricMeter } from '@temporalio/common';
import { convertVersion } from '../../src/activities/curating/convert-version.js';
import { validateVersion } from '../../src/activities/curating/validate-version.js';
import type { ActivityDeps } from '../../src/activities/index.js';
import { createMetrics } from '../../src/activities/metrics/metrics.js';
import { readConfiguration } from '../../src/config/configuration.js';
import type { IngestInput, RunSettings, Upload } from '../../src/contracts/workflow-io.js';
import { crossValidateVersion } from '../../src/cross-validation/cross-validate-version.js';
import { type DatasetSettings, DEFAULT_DATASET_SETTINGS } from '../../src/dataset/model/settings.js';
import { parseChaos } from '../../src/emulator/chaos.js';
import { type Emulator, startEmulator } from '../../src/emulator/emulator.js';
import { intakeDefaults } from '../../src/intake/intake.js';
import { ModelRunner } from '../../src/models/model-runner.js';
import { inspect } from '../../src/pipeline/inspect.js';
import { createS3Client } from '../../src/storage/client.js';
import { ObjectStore } from '../../src/storage/object-store.js';
import type { Clock } from '../../src/training/await-training.js';
import { createRekognitionClient } from '../../src/training/client.js';
import { Trainer } from '../../src/training/trainer.js';
import { awsOf } from './aws.js';
import { cachedFit } from './cached-fit.js';
import { startTestSeaweedFs, type TestS3, temporaryHome } from './servers.js';

/** Settings for small archives, which have few images per class. */
export const SMALL_DATASET: DatasetSettings = {
  ...DEFAULT_DATASET_SETTINGS,
  minClassImages: 2,
  perClassCap: 50,
};

export const RUN_SETTINGS: RunSettings = {
  waitPreprocReadySecs: 600,
  preprocess: 'internal',
  manifestAccess: 'private',
  requireApproval: 'auto',
  trainingTimeoutSecs: 24 * 3600,
  minF1: null,
  trainingAttempt: 1,
};

/** A clock whose sleeps end as soon as the emulator has finished its pending work, and advance the time. */
export class FakeClock implements Clock {
  private time = Date.parse('2026-01-05T09:00:00Z');
  constructor(private readonly settled: () => Promise<void>) {}

  now = () => this.time;

  async sleep(ms: number): Promise<void> {
    await this.settled();
    this.time += ms;
  }
}

export interface TestPipeline {
  readonly s3: TestS3;
  readonly store: ObjectStore;
  readonly emulator: Emulator;
  readonly rekognition: RekognitionClient;
  readonly deps: ActivityDeps;
  upload(dataset: string, archive: Buffer): Promise<Upload>;
  stop(): Promise<void>;
}

/**
 * Starts S3 and the emulator on a fake clock, with the activities' dependencies. `chaos` makes the emulator fail. Datasets are
 * curated in this process: starting one for each step takes most of a second of computing.
 */
export async function startTestPipeline({ trainingMs = 0, chaos = '' } = {}): Promise<TestPipeline> {
  const s3 = await startTestSeaweedFs();
  const { home } = await temporaryHome();
  const clock: FakeClock = new FakeClock(() => emulator.service.idle());
  const emulator = await startEmulator({
    port: 0,
    stateFolder: join(home, 'rekognition'),
    trainingMs,
    aws: awsOf(s3.env),
    now: clock.now,
    fit: cachedFit,
    ...(chaos ? { chaos: parseChaos(chaos) } : {}),
  });
  const store = new ObjectStore(createS3Client(awsOf(s3.env)));
  const rekognition = createRekognitionClient(
    awsOf({
      ...s3.env,
      AWS_ENDPOINT_URL_REKOGNITION: emulator.endpoint,
    }),
  );
  const trainer = new Trainer(rekognition, {});
  const models = new ModelRunner(rekognition, clock);
  return {
    s3,
    store,
    emulator,
    deps: {
      store,
      intake: intakeDefaults(readConfiguration({})),
      trainer,
      inspect,
      curating: {
        convert: (input, report) => convertVersion(store, input, report),
        validate: (input) => validateVersion(store, input),
      },
      crossValidating: {
        run: async (input, report, signal) => {
          await crossValidateVersion(store, input, report, signal);
        },
      },
      models,
      clock,
      metrics: createMetrics(noopMetricMeter),
      shutdown: new AbortController().signal,
    },
    rekognition,
    upload: async (dataset, archive) => {
      const key = `landing/${dataset}/test/${dataset}.zip`;
      await store.put(s3.bucket, key, archive);
      const head = await store.head(s3.bucket, key);
      return { bucket: s3.bucket, key, etag: head?.etag ?? '', bytes: archive.length };
    },
    stop: async () => {
      await emulator.stop();
      await s3.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

export function ingestInput(
  dataset: string,
  upload: Upload,
  overrides: { settings?: DatasetSettings; run?: Partial<RunSettings> } = {},
): IngestInput {
  return {
    dataset,
    upload,
    settings: overrides.settings ?? SMALL_DATASET,
    run: { ...RUN_SETTINGS, ...overrides.run },
    searchAttributes: false,
  };
}
