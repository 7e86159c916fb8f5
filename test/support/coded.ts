import {
  CreateProjectVersionCommand,
  DescribeProjectVersionsCommand,
  type ProjectVersionDescription,
} from '@aws-sdk/client-rekognition';
import { parseChaos } from '../../src/emulator/chaos.js';
import type { ObjectStore } from '../../src/storage/object-store.js';
import { createProject, startTestEmulator, versionInput } from './emulator.js';
import { manifestLine, SIDE, type TestBox } from './manifests.js';
import { type ProxyRule, startS3Proxy } from './s3-proxy.js';
import type { TestS3 } from './servers.js';
import { asset, objects } from './trainings.js';

export type Json = Record<string, unknown>;
export const ACNE: TestBox = ['acne', 10, 10, 20, 20];

/** S3 key of an existing image of size SIDE. */
export const imageOf = (n: number) => `code/${n}.jpg`;

/** Object detection lines for consecutive images, beginning with `first`. */
export function good(bucket: string, count: number, first = 0, boxes: readonly TestBox[] = [ACNE]): string[] {
  return Array.from({ length: count }, (_, n) => manifestLine(bucket, { image: imageOf(first + n), boxes }));
}

/** A line with an image-level label. */
export function classified(bucket: string, image: string, label: string): string {
  return JSON.stringify({
    'source-ref': `s3://${bucket}/${image}`,
    kind: 1,
    'kind-metadata': {
      confidence: 1,
      'class-name': label,
      type: 'groundtruth/image-classification',
      'human-annotated': 'yes',
      'creation-date': '2025-09-14T08:30:12',
    },
  });
}

/** An object detection line of the last image with some parts replaced; undefined parts are omitted. */
export function changed(
  bucket: string,
  change: { line?: Json; label?: Json; metadata?: Json; boxes?: readonly TestBox[] },
): string {
  const [text = ''] = good(bucket, 1, 99, change.boxes);
  const line = JSON.parse(text) as { boxes: Json; 'boxes-metadata': Json };
  return JSON.stringify({
    ...line,
    boxes: { ...line.boxes, ...change.label },
    'boxes-metadata': { ...line['boxes-metadata'], ...change.metadata },
    ...change.line,
  });
}

export interface CodedTraining {
  readonly train: readonly string[];
  /** Undefined if the service splits the training set. */
  readonly test?: readonly string[];
  readonly chaos?: string;
  readonly door?: ProxyRule;
}

export interface CodedOutcome {
  readonly version: ProjectVersionDescription;
  /** The parsed manifest summary; undefined if none was written. */
  readonly summary: { statistics: { training: Json; testing: Json }; errors: Json[] } | undefined;
  /** Parsed lines of the validation manifest of the training set. */
  readonly lines: readonly Json[];
}

/** Trains on these lines in a new emulator and reads the results. */
export async function trainOn(
  s3: TestS3,
  store: ObjectStore,
  training: CodedTraining,
): Promise<CodedOutcome> {
  const { train, test, chaos, door: rule } = training;
  const put = async (name: string, lines: readonly string[]) => {
    await store.put(s3.bucket, name, lines.map((line) => `${line}\n`).join(''));
  };
  await put('code/train.manifest', train);
  if (test) await put('code/test.manifest', test);
  const door = rule && (await startS3Proxy(s3.endpoint, rule));
  const emulator = await startTestEmulator(
    { ...s3.env, ...(door ? { AWS_ENDPOINT_URL_S3: door.endpoint } : {}) },
    chaos === undefined ? {} : { chaos: parseChaos(chaos) },
  );
  try {
    const projectArn = await createProject(emulator.client, 'coded');
    const input = versionInput(projectArn, 'v1', s3.bucket, 'code/train.manifest', 'code/test.manifest');
    const split = test ? {} : { TestingData: { AutoCreate: true } };
    await emulator.client.send(new CreateProjectVersionCommand({ ...input, ...split }));
    await emulator.emulator.service.idle();
    const { ProjectVersionDescriptions: [version] = [] } = await emulator.client.send(
      new DescribeProjectVersionsCommand({ ProjectArn: projectArn }),
    );
    if (!version) throw new Error('no version');
    const read = async (name: string | undefined) =>
      name === undefined ? undefined : (await store.getBytes(s3.bucket, name)).toString('utf8');
    const summary = await read(version.ManifestSummary?.S3Object?.Name);
    const lines = await read(asset(version.TrainingDataResult?.Validation)?.S3Object?.Name);
    return {
      version,
      summary: summary === undefined ? undefined : JSON.parse(summary),
      lines: lines === undefined ? [] : objects(lines),
    };
  } finally {
    await emulator.stop();
    await door?.stop();
  }
}

export { SIDE };
