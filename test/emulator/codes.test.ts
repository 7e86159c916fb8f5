import {
  CreateDatasetCommand,
  DescribeDatasetCommand,
  DistributeDatasetEntriesCommand,
} from '@aws-sdk/client-rekognition';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SERVICE_MESSAGES, type ServiceCode, serviceMessage } from '../../src/dataset/service-rules.js';
import { createS3Client } from '../../src/storage/client.js';
import { ObjectStore } from '../../src/storage/object-store.js';
import { picture } from '../support/archives.js';
import {
  ACNE,
  type CodedTraining,
  changed,
  classified,
  good,
  imageOf,
  type Json,
  SIDE,
  trainOn,
} from '../support/coded.js';
import { createProject, startTestEmulator } from '../support/emulator.js';
import type { TestBox } from '../support/manifests.js';
import { ACCESS_DENIED } from '../support/s3-door.js';
import { startTestSeaweedFs, type TestS3 } from '../support/servers.js';

const IMAGES = 16;
let s3: TestS3;
let store: ObjectStore;

beforeAll(async () => {
  s3 = await startTestSeaweedFs();
  store = new ObjectStore(createS3Client(s3.env));
  const bytes = await picture(1, SIDE.width, SIDE.height);
  for (let n = 0; n < IMAGES; n++) await store.put(s3.bucket, imageOf(n), bytes);
  await store.put(s3.bucket, imageOf(99), bytes);
  await store.put(s3.bucket, 'code/small.jpg', await picture(1, 60, 100));
  await store.put(s3.bucket, 'code/text.jpg', 'not an image');
});
afterAll(() => s3.stop());

const bucket = () => s3.bucket;
const fine = (count = 9) => good(bucket(), count);
const tested = (boxes?: readonly TestBox[]) => good(bucket(), 2, 10, boxes);
/** Nine good lines and one bad: within what the service bears. */
const withBad = (line: string): CodedTraining => ({ train: [...fine(), line], test: tested() });
const named = (label: string): TestBox => [label, 10, 10, 20, 20];

/** A manifest-file error: told in the status message, and no file is written. */
type FileCase = { kind: 'file'; training: () => CodedTraining };
/** A content error: in the summary at its set, and in the status message. */
type ContentCase = { kind: 'content'; at: 'training' | 'testing' | 'pair'; training: () => CodedTraining };
/** A line's problem: in the validation manifest, on the last line or within it. */
type LineCase = {
  kind: 'line';
  at: 'line' | 'attribute' | 'metadata' | number;
  /** Whether the line is trained on all the same. */
  used?: true;
  line: () => string;
};
/** A dataset's error: in its status. */
type DatasetCase = { kind: 'dataset'; status: string; train: () => readonly string[]; distribute?: true };

const CASES: Record<ServiceCode, FileCase | ContentCase | LineCase | DatasetCase> = {
  ERROR_MANIFEST_INACCESSIBLE_OR_UNSUPPORTED_FORMAT: {
    kind: 'file',
    training: () => ({
      train: fine(),
      test: tested(),
      door: ({ path }) => (path.endsWith('test.manifest') ? { status: 404 } : undefined),
    }),
  },
  ERROR_EMPTY_MANIFEST: { kind: 'file', training: () => ({ train: fine(), test: [] }) },
  ERROR_MANIFEST_SIZE_TOO_LARGE: {
    kind: 'file',
    training: () => ({
      train: fine(),
      test: tested(),
      door: ({ method, path }) =>
        method === 'HEAD' && path.endsWith('train.manifest')
          ? { status: 200, headers: { 'content-length': `${1024 ** 3 + 1}` } }
          : undefined,
    }),
  },
  ERROR_CANNOT_WRITE_OUTPUT_S3_BUCKET: {
    kind: 'file',
    training: () => ({
      train: fine(),
      test: tested(),
      door: ({ method }) => (method === 'PUT' ? ACCESS_DENIED : undefined),
    }),
  },
  ERROR_INVALID_PERMISSIONS_MANIFEST_S3_BUCKET: {
    kind: 'file',
    training: () => ({
      train: fine(),
      test: tested(),
      door: ({ path }) => (path.endsWith('.manifest') ? ACCESS_DENIED : undefined),
    }),
  },
  ERROR_MANIFEST_ROWS_EXCEEDS_MAXIMUM: {
    kind: 'content',
    at: 'testing',
    training: () => ({ train: fine(), test: [...tested(), ...Array<string>(250_000).fill('')] }),
  },
  ERROR_TOO_MANY_INVALID_ROWS_IN_MANIFEST: {
    kind: 'content',
    at: 'training',
    training: () => ({ train: [...fine(8), '{', '{', '{'], test: tested() }),
  },
  ERROR_IMAGES_IN_MULTIPLE_S3_BUCKETS: {
    kind: 'content',
    at: 'training',
    training: () => withBad(good('another-bucket', 1)[0] ?? ''),
  },
  ERROR_INVALID_PERMISSIONS_IMAGES_S3_BUCKET: {
    kind: 'content',
    at: 'training',
    training: () => ({
      train: fine(),
      test: tested(),
      door: ({ path }) => (path.endsWith('.jpg') ? ACCESS_DENIED : undefined),
    }),
  },
  ERROR_INVALID_IMAGES_S3_BUCKET_OWNER: {
    kind: 'content',
    at: 'training',
    training: () => ({
      train: fine(),
      test: tested(),
      chaos: 'fail-training=ERROR_INVALID_IMAGES_S3_BUCKET_OWNER',
    }),
  },
  ERROR_INSUFFICIENT_IMAGES_PER_LABEL_FOR_AUTOSPLIT: {
    kind: 'content',
    at: 'training',
    training: () => ({ train: [...fine(), ...good(bucket(), 1, 9, [named('mole')])] }),
  },
  ERROR_INSUFFICIENT_IMAGES_PER_LABEL_FOR_DISTRIBUTE: {
    kind: 'dataset',
    status: 'UPDATE_FAILED',
    distribute: true,
    train: () => [...fine(), ...good(bucket(), 1, 9, [named('mole')])],
  },
  ERROR_MANIFEST_TOO_FEW_LABELS: {
    kind: 'content',
    at: 'training',
    training: () => ({ train: good(bucket(), 9, 0, []), test: tested() }),
  },
  ERROR_MANIFEST_TOO_MANY_LABELS: {
    kind: 'content',
    at: 'training',
    training: () => {
      const boxes = Array.from({ length: 251 }, (_, n) => named(`label ${n}`));
      const lines = Array.from({ length: 6 }, (_, n) =>
        good(bucket(), 1, n, boxes.slice(n * 50, n * 50 + 50)),
      );
      return { train: lines.flat(), test: lines.flat().slice(0, 4) };
    },
  },
  ERROR_INSUFFICIENT_LABEL_OVERLAP: {
    kind: 'content',
    at: 'pair',
    training: () => ({ train: fine(), test: tested([named('mole')]) }),
  },
  ERROR_MANIFEST_TOO_FEW_USABLE_LABELS: {
    kind: 'content',
    at: 'training',
    training: () => ({
      train: [...[0, 1, 2, 3].map((n) => classified(bucket(), imageOf(n), 'skin')), ...good(bucket(), 2, 4)],
      test: [classified(bucket(), imageOf(10), 'skin'), ...good(bucket(), 1, 11)],
    }),
  },
  ERROR_INSUFFICIENT_USABLE_LABEL_OVERLAP: {
    kind: 'content',
    at: 'pair',
    training: () => ({
      train: [...fine(4), classified(bucket(), imageOf(5), 'skin')],
      test: [classified(bucket(), imageOf(10), 'acne'), ...good(bucket(), 1, 11, [named('skin')])],
    }),
  },
  ERROR_FAILED_IMAGES_S3_COPY: {
    kind: 'content',
    at: 'training',
    training: () => ({ train: good(bucket(), 4, 1_000), test: tested() }),
  },
  ERROR_TOO_MANY_RECORDS_IN_ERROR: {
    kind: 'dataset',
    status: 'CREATE_FAILED',
    train: () => [...fine(8), '{', '{', '{'],
  },
  ERROR_MISSING_SOURCE_REF: {
    kind: 'line',
    at: 'line',
    line: () => changed(bucket(), { line: { 'source-ref': undefined } }),
  },
  ERROR_INVALID_SOURCE_REF_FORMAT: {
    kind: 'line',
    at: 'line',
    line: () => changed(bucket(), { line: { 'source-ref': 'https://example.com/a.jpg' } }),
  },
  ERROR_NO_LABEL_ATTRIBUTES: {
    kind: 'line',
    at: 'line',
    line: () => changed(bucket(), { line: { 'boxes-metadata': undefined } }),
  },
  ERROR_INVALID_LABEL_ATTRIBUTE_FORMAT: {
    kind: 'line',
    at: 'attribute',
    line: () => changed(bucket(), { label: { image_size: SIDE } }),
  },
  ERROR_INVALID_LABEL_ATTRIBUTE_METADATA_FORMAT: {
    kind: 'line',
    at: 'metadata',
    line: () => changed(bucket(), { metadata: { 'creation-date': undefined } }),
  },
  ERROR_NO_VALID_LABEL_ATTRIBUTES: {
    kind: 'line',
    at: 'line',
    line: () => changed(bucket(), { metadata: { type: 'groundtruth/semantic-segmentation' } }),
  },
  ERROR_MISSING_BOUNDING_BOX_CONFIDENCE: {
    kind: 'line',
    at: 'metadata',
    line: () => changed(bucket(), { metadata: { objects: [] } }),
  },
  ERROR_MISSING_CLASS_MAP_ID: {
    kind: 'line',
    at: 'metadata',
    line: () => changed(bucket(), { metadata: { 'class-map': {} } }),
  },
  ERROR_INVALID_JSON_LINE: { kind: 'line', at: 'line', line: () => '{"source-ref":' },
  ERROR_INVALID_IMAGE: {
    kind: 'line',
    at: 'line',
    line: () => changed(bucket(), { line: { 'source-ref': `s3://${bucket()}/code/text.jpg` } }),
  },
  ERROR_INVALID_IMAGE_DIMENSION: {
    kind: 'line',
    at: 'line',
    line: () =>
      changed(bucket(), {
        line: { 'source-ref': `s3://${bucket()}/code/small.jpg` },
        label: { image_size: [{ width: 60, height: 100, depth: 3 }] },
      }),
  },
  ERROR_INVALID_BOUNDING_BOX: {
    kind: 'line',
    at: 1,
    used: true,
    line: () => changed(bucket(), { boxes: [ACNE, ['acne', 90, 10, 20, 20]] }),
  },
  ERROR_NO_VALID_ANNOTATIONS: {
    kind: 'line',
    at: 'line',
    line: () => changed(bucket(), { boxes: [['acne', -1, 10, 20, 20]] }),
  },
  ERROR_BOUNDING_BOX_TOO_SMALL: {
    kind: 'line',
    at: 0,
    used: true,
    line: () => changed(bucket(), { boxes: [['acne', 10, 10, 1, 20], ACNE] }),
  },
  ERROR_TOO_MANY_BOUNDING_BOXES: {
    kind: 'line',
    at: 'attribute',
    line: () => changed(bucket(), { boxes: Array<TestBox>(51).fill(ACNE) }),
  },
  ERROR_UNSUPPORTED_USE_CASE_TYPE: {
    kind: 'line',
    at: 'metadata',
    line: () => changed(bucket(), { metadata: { type: 'groundtruth/text' } }),
  },
  ERROR_INVALID_LABEL_NAME_LENGTH: {
    kind: 'line',
    at: 'metadata',
    line: () => changed(bucket(), { boxes: [named('x'.repeat(256))] }),
  },
  WARNING_UNANNOTATED_RECORD: {
    kind: 'line',
    at: 'line',
    line: () => JSON.stringify({ 'source-ref': `s3://${bucket()}/${imageOf(99)}` }),
  },
  WARNING_NO_ANNOTATIONS: { kind: 'line', at: 'line', line: () => changed(bucket(), { boxes: [] }) },
  WARNING_NO_ATTRIBUTE_ANNOTATIONS: {
    kind: 'line',
    at: 'attribute',
    line: () => changed(bucket(), { boxes: [] }),
  },
};

const casesOf = <K extends string>(kind: K) =>
  Object.entries(CASES).flatMap(([code, one]) =>
    one.kind === kind ? [[code as ServiceCode, one as Extract<typeof one, { kind: K }>] as const] : [],
  );

describe('every code of the service', () => {
  it('has a case: 39 of them', () => {
    expect(Object.keys(CASES)).toHaveLength(39);
    expect(new Set(Object.keys(CASES))).toEqual(new Set(Object.keys(SERVICE_MESSAGES)));
  });

  it.each(casesOf('file'))('%s is told in the status message alone', async (code, { training }) => {
    const { version, summary, lines } = await trainOn(s3, store, training());
    expect(version).toMatchObject({ Status: 'TRAINING_FAILED', StatusMessage: SERVICE_MESSAGES[code] });
    expect(summary).toBeUndefined();
    expect(lines).toEqual([]);
    expect(version.TestingDataResult).not.toHaveProperty('Validation');
  });

  it.each(casesOf('content'))('%s is told in the summary and the status', async (code, { at, training }) => {
    const { version, summary } = await trainOn(s3, store, training());
    expect(version.Status).toBe('TRAINING_FAILED');
    expect(version.StatusMessage).toContain(SERVICE_MESSAGES[code]);
    const errors = at === 'pair' ? summary?.errors : summary?.statistics[at].errors;
    expect(errors).toContainEqual({ code, message: SERVICE_MESSAGES[code] });
    expect(version).not.toHaveProperty('EvaluationResult');
  });

  it.each(casesOf('line'))('%s is noted where it is', async (code, { at, used, line }) => {
    const { version, summary, lines } = await trainOn(s3, store, withBad(line()));
    expect(version.Status).toBe('TRAINING_COMPLETED');
    const key = code.startsWith('WARNING') ? 'warnings' : 'errors';
    const noted = placeIn(lines.at(-1), at)?.[key];
    expect(noted).toContainEqual({ code, message: serviceMessage(code, 'boxes') });
    expect(lines.slice(0, -1).some((other) => key in other)).toBe(false);
    expect(summary?.statistics.training).toMatchObject({
      valid_json_lines: used ? 10 : 9,
      invalid_json_lines: used || key === 'warnings' ? 0 : 1,
      ignored_json_lines: key === 'warnings' ? 1 : 0,
      error_json_line_indices: key === 'warnings' ? [] : [10],
    });
  });

  it.each(casesOf('dataset'))('%s is told by the dataset', async (code, { status, train, distribute }) => {
    await store.put(
      s3.bucket,
      'code/dataset.manifest',
      train()
        .map((line) => `${line}\n`)
        .join(''),
    );
    const { client, emulator, stop } = await startTestEmulator(s3.env);
    try {
      const ProjectArn = await createProject(client, 'coded');
      const object = { S3Object: { Bucket: s3.bucket, Name: 'code/dataset.manifest' } };
      const { DatasetArn = '' } = await client.send(
        new CreateDatasetCommand({
          ProjectArn,
          DatasetType: 'TRAIN',
          DatasetSource: { GroundTruthManifest: object },
        }),
      );
      await emulator.service.idle();
      if (distribute) {
        const { DatasetArn: test } = await client.send(
          new CreateDatasetCommand({ ProjectArn, DatasetType: 'TEST' }),
        );
        const Datasets = [{ Arn: DatasetArn }, { Arn: test }];
        await client.send(new DistributeDatasetEntriesCommand({ Datasets }));
      }
      const { DatasetDescription: dataset } = await client.send(new DescribeDatasetCommand({ DatasetArn }));
      expect(dataset).toMatchObject({
        Status: status,
        StatusMessage: SERVICE_MESSAGES[code],
        StatusMessageCode: 'CLIENT_ERROR',
      });
    } finally {
      await stop();
    }
  });
});

/** The part of a line that a problem is noted in. */
function placeIn(line: Json | undefined, at: LineCase['at']): Json | undefined {
  if (at === 'line') return line;
  const label = line?.boxes as { annotations: Json[] } & Json;
  if (at === 'attribute') return label;
  return at === 'metadata' ? (line?.['boxes-metadata'] as Json) : label.annotations[at];
}
