import {
  CreateProjectVersionCommand,
  DescribeProjectVersionsCommand,
  type ProjectVersionDescription,
} from '@aws-sdk/client-rekognition';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { createS3Client } from '../../src/storage/client.js';
import { ObjectStore } from '../../src/storage/object-store.js';
import { awsOf } from './aws.js';
import { createProject, startTestEmulator, type TestEmulator, versionInput } from './emulator.js';
import { putManifest, sameLines, type TestBox, type TestLine } from './manifests.js';
import { startTestSeaweedFs, type TestS3 } from './servers.js';

export interface Manifests {
  readonly train: readonly TestLine[];
  readonly test: readonly TestLine[];
  /** Images that are not stored. */
  readonly without?: readonly string[];
  /** Images of which only the first half is stored. */
  readonly cut?: readonly string[];
}

export const A: TestBox = ['acne', 10, 10, 20, 20];
export const B: TestBox = ['scar', 60, 60, 20, 20];
export const GOOD: Manifests = {
  train: sameLines('good/a', 4, [A, B]),
  test: sameLines('good/t', 2, [A, B]),
};

type Located = { S3Object?: { Bucket?: string | undefined; Name?: string | undefined } | undefined };

export const objects = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

export const asset = (
  result: { Assets?: { GroundTruthManifest?: Located | undefined }[] | undefined } | undefined,
) => result?.Assets?.[0]?.GroundTruthManifest;

type StartOptions = NonNullable<Parameters<typeof startTestEmulator>[1]>;

/** Starts S3 for the tests of a file, and emulators on request. */
export function useEmulators() {
  let s3: TestS3;
  let store: ObjectStore;
  let test: TestEmulator | undefined;
  beforeAll(async () => {
    s3 = await startTestSeaweedFs();
    store = new ObjectStore(createS3Client(awsOf(s3.env)));
  });
  afterEach(async () => {
    await test?.stop();
    test = undefined;
  });
  afterAll(() => s3.stop());

  return {
    s3: () => s3,
    store: () => store,
    emulator: async (options: StartOptions = {}, env: Record<string, string> = {}) => {
      test = await startTestEmulator({ ...s3.env, ...env }, options);
      return test;
    },
    /** Restarts an emulator with the same state. */
    restart: async (running: TestEmulator, env?: Record<string, string>) => {
      test = await running.restart(env);
      return test;
    },
    read: async (located: Located | undefined): Promise<string> => {
      const { Bucket = '', Name = '' } = located?.S3Object ?? {};
      return (await store.getBytes(Bucket, Name)).toString('utf8');
    },
  };
}

/** Starts S3 for the tests of a file, and emulators that train. */
export function useTrainings() {
  const emulators = useEmulators();
  const { emulator, s3, store } = emulators;

  /** Starts a training on these manifests in a new emulator and a project of this name. */
  async function start(
    project: string,
    manifests: Manifests,
    options: StartOptions = {},
    env: Record<string, string> = {},
  ): Promise<{ running: TestEmulator; projectArn: string; versionArn: string }> {
    const [train, testing] = [`${project}/train.manifest`, `${project}/test.manifest`];
    await putManifest(store(), s3().bucket, train, manifests.train, manifests.without);
    await putManifest(store(), s3().bucket, testing, manifests.test, manifests.without);
    for (const image of manifests.cut ?? []) {
      const bytes = await store().getBytes(s3().bucket, image);
      await store().put(s3().bucket, image, bytes.subarray(0, bytes.length / 2));
    }
    const running = await emulator(options, env);
    const projectArn = await createProject(running.client, project);
    const { ProjectVersionArn: versionArn = '' } = await running.client.send(
      new CreateProjectVersionCommand(versionInput(projectArn, 'v1', s3().bucket, train, testing)),
    );
    return { running, projectArn, versionArn };
  }

  /** The description of the version after its job has ended. */
  async function trained(project: string, manifests: Manifests): Promise<ProjectVersionDescription> {
    const { running, projectArn } = await start(project, manifests);
    await running.emulator.service.idle();
    return await describeVersion(running, projectArn);
  }

  return { ...emulators, start, trained };
}

export async function describeVersion(
  { client }: TestEmulator,
  arn: string,
): Promise<ProjectVersionDescription> {
  const command = new DescribeProjectVersionsCommand({ ProjectArn: arn, VersionNames: ['v1'] });
  const { ProjectVersionDescriptions: [version] = [] } = await client.send(command);
  if (!version) throw new Error('no such version');
  return version;
}
