import pLimit from 'p-limit';
import sharp from 'sharp';
import { byCodePoint } from '../../dataset/order.js';
import {
  type ManifestResult,
  serviceMessage,
  validateManifests,
  withInvalidImages,
} from '../../dataset/validation.js';
import { fitPriorDetector, type LabelledPicture } from '../../evaluation/chance.js';
import { evaluateLabel, overallOf, type TestImage } from '../../evaluation/metrics.js';
import { StorageError } from '../../storage/errors.js';
import type { ObjectStore } from '../../storage/object-store.js';
import {
  evaluationManifest,
  evaluationSummary,
  groundTruthManifest,
  manifestSummary,
  outputKeys,
  validationManifest,
} from './output-files.js';
import type { Project, Version } from './state.js';

export type JobEnd = Omit<NonNullable<Version['end']>, 'at'>;

const READY = 'The model is ready to run.';
/** Developer guide, "Guidelines and quotas": the size of an image file in S3. */
const MAX_IMAGE_BYTES = 15 * 1024 ** 2;

/** Reads, checks, fits, evaluates and writes the output files of one training. */
export async function runTraining(
  store: ObjectStore,
  project: Project,
  version: Version,
  now: () => number,
  signal: AbortSignal,
): Promise<JobEnd> {
  const read = async ({ Bucket, Name }: Version['train']) =>
    (await store.getBytes(Bucket, Name, { signal })).toString('utf8');
  let texts: { train: string; test: string };
  try {
    texts = { train: await read(version.train), test: await read(version.test) };
  } catch (error) {
    if (!isRefused(error)) throw error;
    return failed('The manifest file extension or contents are invalid.', false);
  }
  const checked = validateManifests(texts.train, texts.test);
  const train = withInvalidImages(checked.train, await unusableImages(store, checked.train, signal));
  const test = withInvalidImages(checked.val, await unusableImages(store, checked.val, signal));

  const keys = outputKeys(project, version);
  const write = async (key: string, body: string) => {
    await store.put(version.output.S3Bucket, key, body, { contentType: 'application/json', signal });
  };
  try {
    await write(keys.manifestSummary, JSON.stringify(manifestSummary(train, test, checked.errors), null, 2));
  } catch (error) {
    if (!isRefused(error)) throw error;
    return failed('Unable to write to output S3 bucket.', false);
  }
  await write(keys.trainValidation, validationManifest(texts.train, train));
  await write(keys.testValidation, validationManifest(texts.test, test));
  const terminal = [...train.errors, ...test.errors, ...checked.errors];
  if (terminal.length > 0) return failed(terminal.map((code) => serviceMessage(code)).join(' '), true);

  const detector = fitPriorDetector(pictures(train));
  const images = pictures(test).map(
    ({ size, boxes }): TestImage => ({
      truth: boxes,
      detections: detector.detect(size),
    }),
  );
  const labels = [...train.labels].sort(byCodePoint).map((label) => evaluateLabel(label, images));
  await write(keys.trainGroundTruth, groundTruthManifest(texts.train, train));
  await write(keys.testGroundTruth, evaluationManifest(texts.test, test, images));
  const summary = evaluationSummary({
    version,
    labels,
    trainImages: train.valid,
    testImages: test.valid,
    at: now(),
  });
  await write(keys.evaluation, JSON.stringify(summary, null, 2));
  return { status: 'TRAINING_COMPLETED', message: READY, f1: overallOf(labels).f1, validated: true };
}

/** Refused for good, unlike a store that is away for a while. */
function isRefused(error: unknown): boolean {
  return error instanceof StorageError && !error.retryable;
}

function failed(message: string, validated: boolean): JobEnd {
  return { status: 'TRAINING_FAILED', message, f1: null, validated };
}

function pictures(result: ManifestResult): LabelledPicture[] {
  return result.lines.flatMap(({ size, boxes, errors, warnings }) =>
    size && errors.length === 0 && warnings.length === 0 ? [{ size, boxes }] : [],
  );
}

/** Indexes of lines whose image is missing, isn't JPEG or PNG, or hasn't the size that the line states. */
async function unusableImages(
  store: ObjectStore,
  result: ManifestResult,
  signal: AbortSignal,
): Promise<Set<number>> {
  const limit = pLimit(8);
  const unusable = new Set<number>();
  await Promise.all(
    result.lines.map((line, index) =>
      limit(async () => {
        if (line.errors.length > 0 || line.sourceRef === null) return;
        const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(line.sourceRef) ?? [];
        if (!(await isUsable(store, bucket, key, line.size, signal))) unusable.add(index);
      }),
    ),
  );
  return unusable;
}

async function isUsable(
  store: ObjectStore,
  bucket: string,
  key: string,
  size: { width: number; height: number } | null,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const bytes = await store.getBytes(bucket, key, { signal });
    if (bytes.length > MAX_IMAGE_BYTES) return false;
    const { format, width, height } = await sharp(bytes).metadata();
    return (format === 'jpeg' || format === 'png') && width === size?.width && height === size?.height;
  } catch (error) {
    if (signal.aborted || (error instanceof StorageError && error.retryable)) throw error;
    return false;
  }
}
