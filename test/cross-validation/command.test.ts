import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CrossValidating } from '../../src/activities/cross-validating/cross-validating.js';
import { crossValidationSchema } from '../../src/contracts/cross-validation.js';
import { doubtfulLabelsSchema } from '../../src/contracts/label-doubts.js';
import { statusKey, versionKey } from '../../src/dataset/model/layout.js';
import { DEFAULT_DATASET_SETTINGS } from '../../src/dataset/model/settings.js';
import { roboflowArchive } from '../support/archives.js';
import { awsOf } from '../support/aws.js';
import { useCommands } from '../support/commands.js';
import { dirtyArchive } from '../support/dirty-archive.js';
import { startTestPipeline, type TestPipeline } from '../support/pipeline.js';
import { makeVersion } from '../support/versions.js';

/** The tests build on each other: the first one writes the documents that the others compare. */
describe('curator cross-validate', () => {
  const cli = useCommands();
  let pipeline: TestPipeline;
  let folder: string;
  let env: Record<string, string>;
  let version: string;

  beforeAll(async () => {
    pipeline = await startTestPipeline();
    folder = mkdtempSync(join(tmpdir(), 'curator-cross-'));
    env = { ...pipeline.s3.env, CURATOR_HOME: folder };
    const settings = { ...DEFAULT_DATASET_SETTINGS, minClassImages: 2 };
    ({ version } = await makeVersion(pipeline, 'small', await roboflowArchive(12, 2), settings));
  });
  afterAll(async () => {
    await pipeline?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const readText = async (key: string) =>
    (await pipeline.store.getBytes(pipeline.s3.bucket, key)).toString('utf8');

  it('writes the curves beside the version, and the labels to check as CSV', async () => {
    const csv = join(folder, 'labels.csv');
    const first = await cli(['cross-validate', 'small', '--labels', csv, '--json'], env);
    expect(first.stderr).not.toMatch(/\n\s+at /);
    expect(first.code).toBe(0);
    const { doubtfulLabels, ...curves } = JSON.parse(first.stdout);
    expect(crossValidationSchema.parse(curves)).toMatchObject({ dataset: 'small', version });
    const key = versionKey('small', version, 'cross_validation.json');
    expect(JSON.parse(await readText(key))).toEqual(curves);
    const rows = readFileSync(csv, 'utf8').trimEnd().split('\r\n');
    expect(rows[0]).toMatch(/^file,reason,labelled,detected/);
    expect(rows).toHaveLength(doubtfulLabels + 1);

    const listed = await readText(versionKey('small', version, 'doubtful_labels.json'));
    expect(doubtfulLabelsSchema.parse(JSON.parse(listed))).toMatchObject({
      ...{ dataset: 'small', version, images: 12, total: doubtfulLabels },
    });

    const again = await cli(['cross-validate', 'small', '--labels', csv], env);
    expect(again.code).toBe(1);
    expect(again.stderr).toMatch(
      /labels\.csv already exists\. Choose another file with --labels, or use --force/,
    );
    const table = await cli(['cross-validate', 'small'], env);
    expect(table.stdout).toMatch(/^Local detector, .* not figures of Rekognition\.$/m);
    expect(table.stdout).not.toContain('tile');
    for (const { label } of curves.classes)
      expect(table.stdout).toMatch(new RegExp(`^${label} +\\d\\.\\d\\d`, 'm'));
  });

  it('says that tiles are not examined', async () => {
    const settings = {
      ...DEFAULT_DATASET_SETTINGS,
      minClassImages: 2,
      valSplit: 0.2,
      imageMaxSide: 400,
      tiles: 2,
    };
    await makeVersion(pipeline, 'tiled', await dirtyArchive(), settings);
    const { stdout } = await cli(['cross-validate', 'tiled'], env);
    expect(stdout).toMatch(/^Only the \d+ whole photos are examined, not their [1-9]\d* tiles\. Small/m);
  });

  it('gave the same documents as a worker, whose process reports each detector', async () => {
    const keys = ['cross_validation.json', 'doubtful_labels.json'] as const;
    const read = () => Promise.all(keys.map((file) => readText(versionKey('small', version, file))));
    const before = await read();
    const worker = new CrossValidating(awsOf(pipeline.s3.env));
    const input = { bucket: pipeline.s3.bucket, dataset: 'small', version };
    const fitted: number[] = [];
    await worker.run(input, (counts) => fitted.push(counts.fitted), new AbortController().signal);
    expect(await read()).toEqual(before);
    expect(fitted).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('a worker stops its process when the cross-validation is cancelled, and reports what S3 refuses', async () => {
    const worker = new CrossValidating(awsOf(pipeline.s3.env));
    const input = { bucket: pipeline.s3.bucket, dataset: 'small', version };
    const stop = new AbortController();
    const run = worker.run(input, () => stop.abort(new Error('Stopped.')), stop.signal);
    await expect(run).rejects.toThrow('Stopped.');
    const other = worker.run(
      { ...input, version: '0'.repeat(16) },
      () => undefined,
      new AbortController().signal,
    );
    await expect(other).rejects.toThrow(/images\.jsonl/);
  });

  it('says that a dataset without a valid version has nothing to validate', async () => {
    await pipeline.store.put(pipeline.s3.bucket, statusKey('refused'), '{}');
    const { code, stderr } = await cli(['cross-validate', 'refused'], env);
    expect(code).not.toBe(0);
    expect(stderr).toMatch(/^curator: Dataset refused has no version that passed validation/);
  });

  it('says that a dataset does not exist', async () => {
    const { code, stderr } = await cli(['cross-validate', 'smal'], env);
    expect([code, stderr]).toEqual([
      1,
      'curator: The dataset smal does not exist. List the datasets with `curator list`.\n',
    ]);
  });
});
