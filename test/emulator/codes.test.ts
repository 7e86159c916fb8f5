import {
  CreateDatasetCommand,
  DescribeDatasetCommand,
  DistributeDatasetEntriesCommand,
} from '@aws-sdk/client-rekognition';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SERVICE_MESSAGES, type ServiceCode, serviceMessage } from '../../src/custom-labels/rules.js';
import { createS3Client } from '../../src/storage/client.js';
import { ObjectStore } from '../../src/storage/object-store.js';
import { picture } from '../support/archives.js';
import { awsOf } from '../support/aws.js';
import { CODE_CASES, type LineCase, withBad } from '../support/code-cases.js';
import { imageOf, type Json, SIDE, trainOn } from '../support/coded.js';
import { createProject, startTestEmulator } from '../support/emulator.js';
import { startTestSeaweedFs, type TestS3 } from '../support/servers.js';

const IMAGES = 16;
let s3: TestS3;
let store: ObjectStore;

beforeAll(async () => {
  s3 = await startTestSeaweedFs();
  store = new ObjectStore(createS3Client(awsOf(s3.env)));
  const bytes = await picture(1, SIDE.width, SIDE.height);
  for (let n = 0; n < IMAGES; n++) await store.put(s3.bucket, imageOf(n), bytes);
  await store.put(s3.bucket, imageOf(99), bytes);
  await store.put(s3.bucket, 'code/small.jpg', await picture(1, 60, 100));
  await store.put(s3.bucket, 'code/text.jpg', 'not an image');
});
afterAll(() => s3.stop());

const casesOf = <K extends string>(kind: K) =>
  Object.entries(CODE_CASES).flatMap(([code, one]) =>
    one.kind === kind ? [[code as ServiceCode, one as Extract<typeof one, { kind: K }>] as const] : [],
  );

describe('error and warning codes', () => {
  it('covers all 39 documented codes with a case', () => {
    expect(Object.keys(CODE_CASES)).toHaveLength(39);
    expect(new Set(Object.keys(CODE_CASES))).toEqual(new Set(Object.keys(SERVICE_MESSAGES)));
  });

  it.each(casesOf('file'))('reports %s in the status message only', async (code, { training }) => {
    const { version, summary, lines } = await trainOn(s3, store, training());
    expect(version).toMatchObject({ Status: 'TRAINING_FAILED', StatusMessage: SERVICE_MESSAGES[code] });
    expect(summary).toBeUndefined();
    expect(lines).toEqual([]);
    expect(version.TestingDataResult).not.toHaveProperty('Validation');
  });

  it.each(casesOf('content'))(
    'reports %s in the manifest summary and the status message',
    async (code, { at, training }) => {
      const { version, summary } = await trainOn(s3, store, training());
      expect(version.Status).toBe('TRAINING_FAILED');
      expect(version.StatusMessage).toContain(SERVICE_MESSAGES[code]);
      const errors = at === 'pair' ? summary?.errors : summary?.statistics[at].errors;
      expect(errors).toContainEqual({ code, message: SERVICE_MESSAGES[code] });
      expect(version).not.toHaveProperty('EvaluationResult');
    },
  );

  it.each(casesOf('line'))(
    'writes %s into the validation manifest where it occurs',
    async (code, { at, used, line }) => {
      const { version, summary, lines } = await trainOn(s3, store, withBad(line()));
      expect(version.Status).toBe('TRAINING_COMPLETED');
      const key = code.startsWith('WARNING') ? 'warnings' : 'errors';
      const noted = partOf(lines.at(-1), at)?.[key];
      expect(noted).toContainEqual({ code, message: serviceMessage(code, 'boxes') });
      expect(lines.slice(0, -1).some((other) => key in other)).toBe(false);
      expect(summary?.statistics.training).toMatchObject({
        valid_json_lines: used ? 10 : 9,
        invalid_json_lines: used || key === 'warnings' ? 0 : 1,
        ignored_json_lines: key === 'warnings' ? 1 : 0,
        error_json_line_indices: key === 'warnings' ? [] : [10],
      });
    },
  );

  it.each(casesOf('dataset'))(
    'reports %s in the status of the dataset',
    async (code, { status, train, distribute }) => {
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
    },
  );
});

/** The part of a validation manifest's line that contains the problem. */
function partOf(line: Json | undefined, at: LineCase['at']): Json | undefined {
  if (at === 'line') return line;
  const label = line?.boxes as { annotations: Json[] } & Json;
  if (at === 'attribute') return label;
  return at === 'metadata' ? (line?.['boxes-metadata'] as Json) : label.annotations[at];
}
