import {
  CreateProjectVersionCommand,
  DeleteProjectVersionCommand,
  DetectCustomLabelsCommand,
  type Image,
  ImageTooLargeException,
  InvalidImageFormatException,
  InvalidParameterException,
  InvalidS3ObjectException,
  ResourceInUseException,
  ResourceNotFoundException,
  ResourceNotReadyException,
  StartProjectVersionCommand,
  StopProjectVersionCommand,
  waitUntilProjectVersionRunning,
} from '@aws-sdk/client-rekognition';
import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { parseChaos } from '../../src/emulator/chaos.js';
import { picture } from '../support/archives.js';
import { type TestEmulator, versionInput } from '../support/emulator.js';
import { putManifest, sameLines } from '../support/manifests.js';
import { A, B, describeVersion, GOOD, useTrainings } from '../support/trainings.js';

const { s3, store, start, restart } = useTrainings();

async function trainedModel(project: string, options = {}) {
  const training = await start(project, GOOD, options);
  await training.running.emulator.service.idle();
  return training;
}

const startModel = ({ client }: TestEmulator, ProjectVersionArn: string, units = {}) =>
  client.send(new StartProjectVersionCommand({ ProjectVersionArn, MinInferenceUnits: 1, ...units }));

const detect = async (
  { client }: TestEmulator,
  ProjectVersionArn: string,
  Image: Image,
  more: { MinConfidence?: number; MaxResults?: number } = {},
) =>
  (await client.send(new DetectCustomLabelsCommand({ ProjectVersionArn, Image, ...more }))).CustomLabels ??
  [];

describe('models', () => {
  it("starts, stops, restarts and deletes a model by the clock, as the SDK's waiter expects", async () => {
    let now = Date.parse('2026-01-05T09:00:00Z');
    const minute = 60_000;
    const { running, projectArn, versionArn } = await trainedModel('cycle', {
      transitionMs: minute,
      now: () => now,
    });
    const status = async () => (await describeVersion(running, projectArn)).Status;
    const stop = () => running.client.send(new StopProjectVersionCommand({ ProjectVersionArn: versionArn }));
    const remove = () =>
      running.client.send(new DeleteProjectVersionCommand({ ProjectVersionArn: versionArn }));

    await expect(stop()).rejects.toThrow(ResourceInUseException);
    expect(await startModel(running, versionArn, { MaxInferenceUnits: 2 })).toMatchObject({
      Status: 'STARTING',
    });
    expect(await status()).toBe('STARTING');
    await expect(detect(running, versionArn, { Bytes: await picture(1) })).rejects.toThrow(
      ResourceNotReadyException,
    );
    now += minute;
    expect(await describeVersion(running, projectArn)).toMatchObject({
      Status: 'RUNNING',
      MinInferenceUnits: 1,
      MaxInferenceUnits: 2,
    });
    const waiting = { client: running.client, maxWaitTime: 5, minDelay: 1, maxDelay: 1 };
    const waited = await waitUntilProjectVersionRunning(waiting, { ProjectArn: projectArn });
    expect(waited.state).toBe('SUCCESS');
    await expect(startModel(running, versionArn)).rejects.toThrow(ResourceInUseException);
    await expect(remove()).rejects.toThrow(ResourceInUseException);
    expect(await stop()).toMatchObject({ Status: 'STOPPING' });
    expect(await status()).toBe('STOPPING');
    now += minute;
    expect(await status()).toBe('STOPPED');
    await startModel(running, versionArn);
    now += minute;
    await stop();
    now += minute;
    expect(await remove()).toMatchObject({ Status: 'DELETING' });
    expect(await status()).toBe('DELETING');
    now += minute;
    await expect(status()).rejects.toThrow('no such version');
  });

  it('refuses to start a model that is untrained, has no inference units or is unknown', async () => {
    const { running, projectArn, versionArn } = await start('early', GOOD, { trainingMs: 60_000 });
    await expect(startModel(running, versionArn)).rejects.toThrow(ResourceInUseException);
    await expect(startModel(running, versionArn, { MinInferenceUnits: 0 })).rejects.toMatchObject({
      name: 'ValidationException',
    });
    const units = { MinInferenceUnits: 2, MaxInferenceUnits: 1 };
    await expect(startModel(running, versionArn, units)).rejects.toThrow(InvalidParameterException);
    const unknown = `${projectArn.slice(0, projectArn.lastIndexOf('/'))}/version/none/1`;
    await expect(startModel(running, unknown)).rejects.toThrow(ResourceNotFoundException);
  });

  it("reports an injected start failure, also to the SDK's waiter", async () => {
    const chaos = parseChaos('fail-start=1');
    const { running, projectArn, versionArn } = await trainedModel('failing', { chaos });
    await startModel(running, versionArn);
    expect((await describeVersion(running, projectArn)).Status).toBe('FAILED');
    const waiting = { client: running.client, maxWaitTime: 5, minDelay: 1, maxDelay: 1 };
    await expect(waitUntilProjectVersionRunning(waiting, { ProjectArn: projectArn })).rejects.toThrow(
      'FAILED',
    );
  });
});

describe('detection', () => {
  it('returns boxes as shares of the image, and the same ones after a restart', async () => {
    const { running, versionArn } = await trainedModel('found');
    await startModel(running, versionArn);
    const Bytes = await picture(1, 100, 100);
    const found = await detect(running, versionArn, { Bytes });
    const surest = (label: string) => found.find(({ Name }) => Name === label);
    expect(surest('acne')?.Geometry?.BoundingBox).toEqual({
      Left: expect.closeTo(0.1, 1),
      Top: expect.closeTo(0.1, 1),
      Width: expect.closeTo(0.2, 1),
      Height: expect.closeTo(0.2, 1),
    });
    expect(surest('scar')?.Geometry?.BoundingBox).toMatchObject({
      Left: expect.closeTo(0.6, 1),
      Top: expect.closeTo(0.6, 1),
    });
    expect(surest('scar')?.Confidence).toBeGreaterThan(50);
    const again = await restart(running);
    expect(await detect(again, versionArn, { Bytes })).toEqual(found);
    await store().put(s3().bucket, 'found.jpg', Bytes);
    const S3Object = { Bucket: s3().bucket, Name: 'found.jpg' };
    expect(await detect(again, versionArn, { S3Object })).toEqual(found);
    expect(await detect(again, versionArn, { Bytes }, { MaxResults: 1 })).toHaveLength(1);
  });

  it("filters by MinConfidence, or by each label's threshold without it", async () => {
    // No testing image has a scar, so its threshold is 1.
    const { running, projectArn } = await start('sure', GOOD);
    const lines = [...sameLines('sure/a', 4, [A]), ...sameLines('sure/b', 4, [A, B])];
    await putManifest(store(), s3().bucket, 'sure/more.manifest', lines);
    await putManifest(store(), s3().bucket, 'sure/t.manifest', sameLines('sure/t', 2, [A]));
    const input = versionInput(projectArn, 'v2', s3().bucket, 'sure/more.manifest', 'sure/t.manifest');
    const { ProjectVersionArn: arn = '' } = await running.client.send(new CreateProjectVersionCommand(input));
    await running.emulator.service.idle();
    await startModel(running, arn);
    const Bytes = await picture(1);
    const look = async (more = {}) => await detect(running, arn, { Bytes }, more);
    const labels = new Set((await look()).map(({ Name }) => Name));
    expect(labels).toEqual(new Set(['acne']));
    const all = await look({ MinConfidence: 0 });
    expect(new Set(all.map(({ Name }) => Name))).toEqual(new Set(['acne', 'scar']));
    expect(await look({ MinConfidence: 50 })).toEqual(all.filter(({ Confidence = 0 }) => Confidence >= 50));
    expect(await look({ MinConfidence: 100 })).toEqual([]);
  });

  it('refuses an image that is unreadable, too large or missing', async () => {
    const { running, versionArn } = await trainedModel('refusing');
    await startModel(running, versionArn);
    const plain = (width: number, height: number) =>
      sharp({ create: { width, height, channels: 3, background: '#888' } });
    const bytes = async (Bytes: Buffer) => await detect(running, versionArn, { Bytes });
    await expect(bytes(Buffer.from('not a picture'))).rejects.toThrow(InvalidImageFormatException);
    await expect(bytes(await plain(80, 80).webp().toBuffer())).rejects.toThrow(InvalidImageFormatException);
    await expect(bytes(Buffer.alloc(4 * 1024 ** 2 + 1))).rejects.toThrow(ImageTooLargeException);
    await expect(bytes(await plain(4_097, 300).png().toBuffer())).rejects.toThrow(ImageTooLargeException);
    await expect(bytes(await plain(63, 80).png().toBuffer())).rejects.toThrow(InvalidParameterException);
    await expect(bytes(await plain(64, 1_281).png().toBuffer())).rejects.toThrow(InvalidParameterException);
    const S3Object = { Bucket: s3().bucket, Name: 'never.jpg' };
    await expect(detect(running, versionArn, { S3Object })).rejects.toThrow(InvalidS3ObjectException);
    await expect(detect(running, versionArn, {})).rejects.toThrow(InvalidParameterException);
    const Bytes = await picture(1);
    await expect(detect(running, versionArn, { Bytes }, { MinConfidence: 101 })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });
});
