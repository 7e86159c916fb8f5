import { manifestImages } from '../custom-labels/manifest-images.js';
import { isManifestFileError, type ServiceCode, serviceMessage } from '../custom-labels/rules.js';
import {
  type ManifestResult,
  pairErrors,
  validateManifest,
  withLineErrors,
} from '../custom-labels/validate-manifest.js';
import { evaluateLabel, overallOf } from '../evaluation/metrics.js';
import { byCodePoint } from '../lib/order.js';
import type { Context } from './context.js';
import { evaluationManifest } from './evaluation-manifest.js';
import { checkImages } from './image-check.js';
import { isRefused } from './manifest-reading.js';
import { saveModel } from './model.js';
import {
  evaluationSummary,
  groundTruthManifest,
  manifestSummary,
  outputKeys,
  validationManifest,
} from './output-files.js';
import type { Project, Version } from './state.js';
import { readInput } from './training-input.js';

export type JobEnd = Omit<NonNullable<Version['end']>, 'at'>;
export type TrainingContext = Pick<Context, 'store' | 'state' | 'now' | 'fit'>;

export const READY = 'The model is ready to run.';
const DETECTION_ONLY = 'The manifests are valid, but models for image-level labels are not emulated.';

interface CheckedInput {
  readonly texts: { readonly train: string; readonly test: string };
  readonly train: ManifestResult;
  readonly test: ManifestResult;
  /** Terminal errors of both manifests together. */
  readonly pair: readonly ServiceCode[];
}

/**
 * Runs one training: reads and checks the manifests, fits, evaluates and writes the output files.
 * @param fault error code that the training fails with, whatever its content
 * @throws StorageError if S3 is unavailable; the signal's reason if it aborts
 */
export async function runTraining(
  context: TrainingContext,
  project: Project,
  version: Version,
  fault: ServiceCode | undefined,
  signal: AbortSignal,
): Promise<JobEnd> {
  const checked = await checkInput(context, version, fault, signal);
  if ('code' in checked) return failed([checked.code], false);
  const { train, test, texts, pair } = checked;

  const keys = outputKeys(project, version);
  const write = async (key: string, body: string) => {
    await context.store.put(version.output.S3Bucket, key, body, { contentType: 'application/json', signal });
  };
  try {
    await write(keys.manifestSummary, JSON.stringify(manifestSummary(train, test, pair), null, 2));
  } catch (error) {
    if (!isRefused(error)) throw error;
    return failed(['ERROR_CANNOT_WRITE_OUTPUT_S3_BUCKET'], false);
  }
  await write(keys.trainValidation, validationManifest(texts.train, train));
  await write(keys.testValidation, validationManifest(texts.test, test));
  const terminal = [...train.errors, ...test.errors, ...pair];
  if (terminal.length > 0) return failed(terminal, true);
  if (train.useCase !== 'OBJECT_LOCALIZATION') {
    return { status: 'TRAINING_FAILED', message: DETECTION_ONLY, f1: null, validated: true };
  }

  const trainImages = manifestImages(train.lines);
  const testImages = manifestImages(test.lines);
  const { images, detector } = await context.fit(context.store, trainImages, testImages, signal);
  const labels = [...train.usableLabels].sort(byCodePoint).map((label) => evaluateLabel(label, images));
  const thresholds = Object.fromEntries(labels.map(({ label, threshold }) => [label, threshold]));
  context.state.writeFile(version.arn, 'model', saveModel(detector, thresholds));
  await write(keys.trainGroundTruth, groundTruthManifest(texts.train, train));
  await write(
    keys.testGroundTruth,
    evaluationManifest({ result: test, images, thresholds, at: context.now() }),
  );
  const summary = evaluationSummary({
    version,
    labels,
    trainImages: trainImages.length,
    testImages: images.length,
    at: context.now(),
  });
  await write(keys.evaluation, JSON.stringify(summary, null, 2));
  return { status: 'TRAINING_COMPLETED', message: READY, f1: overallOf(labels).f1, validated: true };
}

/** Applies all rules to both manifests; returns an error code if a manifest cannot be read at all. */
async function checkInput(
  context: TrainingContext,
  version: Version,
  fault: ServiceCode | undefined,
  signal: AbortSignal,
): Promise<CheckedInput | { code: ServiceCode }> {
  if (fault && isManifestFileError(fault)) return { code: fault };
  const input = await readInput(context, version, signal);
  if ('code' in input) return input;
  const texts = { train: input.train, test: input.test ?? '' };
  const train = validateManifest(texts.train);
  const isSplit = input.test !== null;
  const test = validateManifest(texts.test, train.useCase);
  const unreadable = [...train.errors, ...(isSplit ? test.errors : [])].find(isManifestFileError);
  if (unreadable) return { code: unreadable };

  const checked = async (result: ManifestResult, more: readonly ServiceCode[]) => {
    const { lines, terminal } = await checkImages(context.store, result, signal);
    const whole = withLineErrors(result, lines);
    return { ...whole, errors: [...whole.errors, ...terminal, ...more] };
  };
  const trainErrors: ServiceCode[] = [
    ...(isSplit ? [] : ['ERROR_INSUFFICIENT_IMAGES_PER_LABEL_FOR_AUTOSPLIT' as const]),
    ...(fault ? [fault] : []),
  ];
  const checkedTrain = await checked(train, trainErrors);
  if (!isSplit) return { texts, train: checkedTrain, test: { ...test, errors: [] }, pair: [] };
  const checkedTest = await checked(test, []);
  return { texts, train: checkedTrain, test: checkedTest, pair: pairErrors(checkedTrain, checkedTest) };
}

function failed(codes: readonly ServiceCode[], validated: boolean): JobEnd {
  const message = [...new Set(codes)].map((code) => serviceMessage(code)).join(' ');
  return { status: 'TRAINING_FAILED', message, f1: null, validated };
}
