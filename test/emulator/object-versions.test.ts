import {
  CreateDatasetCommand,
  DetectCustomLabelsCommand,
  InvalidS3ObjectException,
  StartProjectVersionCommand,
} from '@aws-sdk/client-rekognition';
import { PutBucketVersioningCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { picture } from '../support/archives.js';
import { describeDataset, listEntries } from '../support/datasets.js';
import { createProject } from '../support/emulator.js';
import { manifestOf, sameLines } from '../support/manifests.js';
import { A, GOOD, useTrainings } from '../support/trainings.js';

const { s3, store, emulator, start } = useTrainings();

describe('versions of S3 objects', () => {
  beforeAll(async () => {
    await store().client.send(
      new PutBucketVersioningCommand({
        Bucket: s3().bucket,
        VersioningConfiguration: { Status: 'Enabled' },
      }),
    );
  });

  /** Stores a version of the object; returns its id. */
  async function putVersion(Key: string, Body: string | Buffer): Promise<string> {
    const { VersionId = '' } = await store().client.send(
      new PutObjectCommand({ Bucket: s3().bucket, Key, Body }),
    );
    return VersionId;
  }

  it('a dataset is read from the S3 object version that it names, or from the newest', async () => {
    const Bucket = s3().bucket;
    const older = await putVersion('two.manifest', manifestOf(Bucket, sameLines('old/a', 2, [A])));
    await putVersion('two.manifest', manifestOf(Bucket, sameLines('new/a', 3, [A])));
    const running = await emulator();
    const entries = async (name: string, version: { Version?: string }) => {
      const ProjectArn = await createProject(running.client, name);
      const S3Object = { Bucket, Name: 'two.manifest', ...version };
      const { DatasetArn = '' } = await running.client.send(
        new CreateDatasetCommand({
          ...{ ProjectArn, DatasetType: 'TRAIN' },
          DatasetSource: { GroundTruthManifest: { S3Object } },
        }),
      );
      await running.emulator.service.idle();
      const { Status } = (await describeDataset(running, DatasetArn)) ?? {};
      return Status === 'CREATE_COMPLETE' ? (await listEntries(running, DatasetArn)).length : Status;
    };
    expect(await entries('newest', {})).toBe(3);
    expect(await entries('older', { Version: older })).toBe(2);
    expect(await entries('unknown', { Version: `${older.slice(0, -1)}x` })).toBe('CREATE_FAILED');
  });

  it('objects are detected in the S3 object version that the request names', async () => {
    const { running, versionArn } = await start('versions', GOOD);
    await running.emulator.service.idle();
    await running.client.send(
      new StartProjectVersionCommand({ ProjectVersionArn: versionArn, MinInferenceUnits: 1 }),
    );
    const version = await putVersion('photo.jpg', await picture(1, 100, 100));
    await putVersion('photo.jpg', 'not a photo');
    const detect = (Version: string) =>
      running.client.send(
        new DetectCustomLabelsCommand({
          ProjectVersionArn: versionArn,
          Image: { S3Object: { Bucket: s3().bucket, Name: 'photo.jpg', Version } },
        }),
      );
    expect((await detect(version)).CustomLabels?.length).toBeGreaterThan(0);
    await expect(detect(`${version.slice(0, -1)}x`)).rejects.toThrow(InvalidS3ObjectException);
  });
});
