import { beforeAll, describe, expect, it } from '@jest/globals';
import { APPROVE_UPDATE, type IngestResult } from '../../src/contracts/workflow-io.js';
import { versionKey } from '../../src/dataset/model/layout.js';
import { parseS3Uri } from '../../src/lib/s3-uri.js';
import { TrainingError } from '../../src/training/errors.js';
import { modelCardSchema } from '../../src/training/model-card-schema.js';
import { versionImagesOf } from '../support/json-lines.js';
import type { TestPipeline } from '../support/pipeline.js';
import { untilStage, useTimeSkipping } from '../support/time-skipping.js';

const CODE = 'ERROR_INVALID_IMAGE';

describe('a run whose preprocessed images change before the training', () => {
  const skipping = useTimeSkipping({ trainingMs: 3_600_000, images: 20 });
  const { withWorkers, input, start, status, text } = skipping;
  let pipeline: TestPipeline;

  beforeAll(() => {
    pipeline = skipping.pipeline();
  });

  /**
   * Ingests the small archive (18 training images) and damages the first training images while the run waits for
   * approval. Returns the run's result or failure, and the damaged files' paths in the archive.
   */
  async function ingestDamaged(dataset: string, damaged: number) {
    const { bucket } = pipeline.s3;
    const paths: string[] = [];
    const end = await withWorkers(async () => {
      const handle = await start(await input(dataset, { requireApproval: 'true' }));
      const { version } = await untilStage(handle, 'awaiting-approval');
      const list = await pipeline.store.getBytes(bucket, versionKey(dataset, version ?? '', 'images.jsonl'));
      const train = versionImagesOf(list.toString('utf8')).filter(({ split }) => split === 'train');
      for (const [n, { key, path }] of train.slice(0, damaged).entries()) {
        paths.push(path);
        const bytes = await pipeline.store.getBytes(bucket, key);
        if (n % 3 === 0) await pipeline.store.remove(bucket, key);
        else
          await pipeline.store.put(
            bucket,
            key,
            n % 3 === 1 ? 'no picture' : bytes.subarray(0, bytes.length / 2),
          );
      }
      await handle.executeUpdate(APPROVE_UPDATE, { args: [{ by: 'mira', note: '' }] });
      const result: Promise<IngestResult> = handle.result();
      return await result.then(
        (ended) => ({ result: ended, failure: undefined }),
        (error: { cause?: Error }) => ({ result: undefined, failure: error.cause }),
      );
    });
    return { ...end, paths };
  }

  const training = (paths: readonly string[]) => ({
    lines: { total: 18, valid: 18 - paths.length, invalid: paths.length, ignored: 0 },
    reported: paths.length,
    codes: [{ code: CODE, lines: paths.length }],
    examples: paths.map((file) => ({ line: expect.any(Number), codes: [CODE], file })),
  });

  it('names the images that the service rejected in the result, the report and the model card', async () => {
    const { result, paths } = await ingestDamaged('partial', 3);
    expect(result).toMatchObject({
      outcome: 'done',
      message: expect.stringContaining(
        `The training service rejected 3 of 18 training images: ${CODE} in 3 images (${paths.join(', ')}).`,
      ),
      images: { train: 18 },
      evaluation: { trainImages: 15, testImages: 2 },
      serviceValidation: { training: { ...training(paths), errors: [] }, errors: [], problem: null },
    });
    const card = modelCardSchema.parse(JSON.parse(await text(result?.uris.modelCard ?? null)));
    expect(card.serviceValidation).toEqual(result?.serviceValidation);
    const report = await text(result?.uris.report?.replace('validation_report.json', 'report.html') ?? null);
    expect(report).toContain('The training service rejected 3 of 18 training images');
    for (const path of paths) expect(report).toContain(path);
    // The pictures of the first report are still there.
    expect(report).toContain('data:image/');
    expect(card.evaluation?.recounted?.byFlags).toBeCloseTo(card.evaluation?.f1 ?? -1, 6);
  });

  it("fails with the service's code and the files if the service rejects too many images", async () => {
    const { failure, paths } = await ingestDamaged('spoilt', 5);
    const error = 'ERROR_TOO_MANY_INVALID_ROWS_IN_MANIFEST';
    expect(failure).toMatchObject({ type: 'TrainingFailed' });
    expect(failure?.message).toContain(`The manifest file contains too many invalid rows. (${error}.)`);
    expect(failure?.message).toContain(
      `The training service rejected 5 of 18 training images: ${CODE} in 5 images (${paths.slice(0, 3).join(', ')} and 2 more).`,
    );
    const { result } = await status('spoilt');
    expect(result).toMatchObject({
      outcome: 'failed',
      message: failure?.message,
      serviceValidation: { training: { ...training(paths), errors: [error] }, problem: null },
    });
  });

  it('ends as done and says so if the validation cannot be read', async () => {
    const started = await input('unread');
    const deps = skipping.withTrainer({
      describeVersion: async (model) => {
        const version = await pipeline.deps.trainer.describeVersion(model);
        const ManifestSummary = { S3Object: { Bucket: pipeline.s3.bucket, Name: 'nowhere/summary.json' } };
        return version.ManifestSummary ? { ...version, ManifestSummary } : version;
      },
    });
    const result = await withWorkers(() => skipping.ingest(started), undefined, deps);
    expect(result).toMatchObject({
      outcome: 'done',
      message: expect.stringMatching(
        /is trained and evaluated\. The validation results of the training service are incomplete: .*nowhere\/summary\.json/,
      ),
      serviceValidation: { training: { lines: null, reported: 0 } },
    });
    expect(parseS3Uri(result.uris.modelCard ?? '')).toBeDefined();
  });

  it('says once that the model version was deleted', async () => {
    const started = await input('deleted');
    const deps = skipping.withTrainer({
      describeVersion: () => Promise.reject(new TrainingError('TrainingFailed', 'It no longer exists.')),
    });
    await withWorkers(() => skipping.ingest(started).catch(() => undefined), undefined, deps);
    expect((await status('deleted')).result).toMatchObject({
      outcome: 'failed',
      message: 'It no longer exists.',
    });
  });

  it('reports nothing if the service used all images', async () => {
    const result = await withWorkers(async () => skipping.ingest(await input('whole')));
    expect(result).toMatchObject({
      outcome: 'done',
      message: 'whole is trained and evaluated.',
      serviceValidation: { training: { reported: 0 }, testing: { reported: 0 }, problem: null },
    });
  });
});
