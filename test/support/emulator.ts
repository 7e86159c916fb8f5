import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateProjectCommand, type RekognitionClient } from '@aws-sdk/client-rekognition';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../src/emulator/emulator.js';
import { createRekognitionClient } from '../../src/training/client.js';
import { awsOf } from './aws.js';
import { cachedFit } from './cached-fit.js';
import { temporaryHome } from './servers.js';

/** Variables of an emulator whose S3 is unreachable: trainings wait for it and stay in progress. */
export const NO_S3 = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'TESTKEY',
  AWS_SECRET_ACCESS_KEY: 'test-secret',
  AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9',
};

export interface TestEmulator {
  readonly emulator: Emulator;
  /** A plain client of the AWS SDK. */
  readonly client: RekognitionClient;
  /** Restarts the emulator with the same state and, if given, another environment. */
  restart(env?: Record<string, string>): Promise<TestEmulator>;
  stop(): Promise<void>;
}

/** Starts an emulator in this process. Its state folder is deleted when it stops. */
export async function startTestEmulator(
  env: Record<string, string>,
  options: Partial<EmulatorOptions> = {},
): Promise<TestEmulator> {
  const { home } = await temporaryHome();
  const start = async (env: Record<string, string>): Promise<TestEmulator> => {
    const emulator = await startEmulator({
      port: 0,
      stateFolder: join(home, 'rekognition'),
      trainingMs: 0,
      transitionMs: 0,
      fit: cachedFit,
      ...options,
      aws: awsOf(env),
    });
    const client = createRekognitionClient(
      awsOf({ ...env, AWS_ENDPOINT_URL_REKOGNITION: emulator.endpoint }),
    );
    const end = async () => {
      client.destroy();
      await emulator.stop();
    };
    return {
      emulator,
      client,
      restart: async (another = env) => {
        await end();
        return await start(another);
      },
      stop: async () => {
        await end();
        await rm(home, { recursive: true, force: true });
      },
    };
  };
  return await start(env);
}

export async function createProject(client: RekognitionClient, name: string): Promise<string> {
  const { ProjectArn: arn = '' } = await client.send(new CreateProjectCommand({ ProjectName: name }));
  return arn;
}

/** Input of CreateProjectVersion for two manifests of a bucket; output is written below `out/`. */
export function versionInput(projectArn: string, name: string, bucket: string, train: string, test: string) {
  const assets = (key: string) => [{ GroundTruthManifest: { S3Object: { Bucket: bucket, Name: key } } }];
  return {
    ProjectArn: projectArn,
    VersionName: name,
    OutputConfig: { S3Bucket: bucket, S3KeyPrefix: 'out' },
    TrainingData: { Assets: assets(train) },
    TestingData: { Assets: assets(test) },
  };
}
