import { CancellationScope } from '@temporalio/workflow';
import type { Conversion, Inspection, VersionRef } from '../activities/interface.js';
import type { Approval, IngestInput, IngestResult, Outcome, TrainInput } from '../contracts/workflow-io.js';
import { validationText } from '../custom-labels/validation-text.js';
import { refusalFinding } from '../dataset/curating/validation-report.js';
import { manifestSizes } from '../dataset/model/counts.js';
import { versionKey } from '../dataset/model/layout.js';
import { type DatasetQuality, qualityFields } from '../dataset/model/quality.js';
import { RULES_VERSION } from '../dataset/model/settings.js';
import { curating, dataset, ledger, paidLedger, trainer } from './activities.js';
import { ApprovalGate, needsApproval } from './approval.js';
import { endOfError, failure } from './failures.js';
import { preprocess } from './preprocess-child.js';
import { applyGate } from './quality-gate.js';
import { ReadyWait } from './ready-wait.js';
import { RunState } from './run-state.js';
import { TrainChild } from './train-child.js';

/**
 * Takes an uploaded archive to a trained and evaluated model with its card.
 *
 * Completes as `done`, `refused` (the dataset is not fit for training), `rejected` (a person rejected the training)
 * or `rejected-by-quality` (the model is below MIN_F1). Any other error fails the run; cancelling it ends it as
 * cancelled. Every path ends with the outcome in the ledger and in status.json.
 */
export async function ingestDataset(input: IngestInput): Promise<IngestResult> {
  // Handlers are registered before the first activity, so that no early signal or update is lost.
  const run = new RunState(input);
  const ready = new ReadyWait((progress) => run.onProgress(progress));
  const gate = new ApprovalGate(input.dataset);
  const trainChild = new TrainChild(
    (started) => run.onTrainingStarted(started),
    () => run.enter('evaluating'),
  );

  try {
    run.enter('inspecting');
    await ledger('Record the upload in the ledger').openRun(run.ref);
    const inspection = await dataset('Read the archive, plan batches').inspectArchive(input);
    run.inspection = inspection;
    const version = { bucket: input.upload.bucket, dataset: input.dataset, version: inspection.version };

    run.enter('preprocessing');
    await preprocess(input, inspection, ready);

    run.enter('converting');
    const conversion = await convert(input, version, inspection);
    run.conversion = conversion;

    run.enter('validating');
    await validate(input, version, inspection, run);
    await dataset('Publish the version under manifest/').publishManifests({
      ...version,
      manifestAccess: input.run.manifestAccess,
    });

    const approval = await approve(input, conversion, run, gate);
    if (approval?.decision === 'rejected') return await close(run, 'rejected', rejection(approval));

    run.enter('training');
    const trained = await trainChild.train(trainInput(input, inspection, conversion, approval, run.quality));
    run.trained = trained;
    const { passed, message } = applyGate(input.run.minF1, trained);
    run.serviceValidation = trained.serviceValidation;
    const validated = trained.serviceValidation && validationText(trained.serviceValidation);
    const sentences = [`${input.dataset} ${message}`, validated ?? []].flat().join(' ');
    return await close(run, passed ? 'done' : 'rejected-by-quality', sentences);
  } catch (error) {
    return await closeWithError(run, error);
  }
}

async function convert(
  input: IngestInput,
  version: VersionRef,
  { batches, images }: Inspection,
): Promise<Conversion> {
  return await curating('Curate, split, write manifests', images).convertManifest({
    ...version,
    batches,
    settings: input.settings,
    manifestAccess: input.run.manifestAccess,
    trainingAttempt: input.run.trainingAttempt,
  });
}

/** Fails as DatasetInvalid, which completes the run as refused, if the service would not accept the manifests. */
async function validate(
  input: IngestInput,
  version: VersionRef,
  { batches, images }: Inspection,
  run: RunState,
): Promise<void> {
  const validation = await curating("Apply the service's rules", images).validateDataset({
    ...version,
    batches,
    settings: input.settings,
  });
  run.findings = validation.findings;
  run.quality = qualityFields(validation);
  if (validation.refusal) throw failure('DatasetInvalid', validation.refusal);
}

/** Waits for a person's decision if the run's settings and the worker's trainer require one; null if they do not. */
async function approve(
  input: IngestInput,
  conversion: Conversion,
  run: RunState,
  gate: ApprovalGate,
): Promise<Approval | null> {
  const { train, val } = manifestSizes(conversion.images);
  const described = await trainer('Describe the trainer and its cost').describeTrainer({
    images: train + val,
    planned: { dataset: input.dataset, train, val },
  });
  const warnings = run.findings.filter((finding) => finding.severity === 'warning').length;
  if (!needsApproval(input.run.requireApproval, described, warnings)) return null;
  run.enterApproval(described);
  const approval = await gate.decided();
  run.leaveApproval();
  return approval;
}

function rejection({ by, note }: Approval): string {
  return `Training was rejected by ${by}${note === '' ? '.' : `: ${note}`}`;
}

function trainInput(
  input: IngestInput,
  inspection: Inspection,
  conversion: Conversion,
  approval: Approval | null,
  quality: Partial<DatasetQuality>,
): TrainInput {
  return {
    dataset: input.dataset,
    bucket: input.upload.bucket,
    version: inspection.version,
    modelVersion: conversion.modelVersion,
    trainManifestKey: versionKey(input.dataset, inspection.version, 'train.manifest'),
    valManifestKey: versionKey(input.dataset, inspection.version, 'val.manifest'),
    timeoutSecs: input.run.trainingTimeoutSecs,
    card: {
      archiveId: inspection.archiveId,
      datasetVersion: inspection.datasetVersion,
      rulesVersion: RULES_VERSION,
      settings: input.settings,
      images: conversion.images,
      annotations: conversion.annotations,
      labels: conversion.labels,
      manifests: conversion.manifests,
      approval,
      ...qualityFields(quality),
    },
  };
}

async function close(run: RunState, outcome: Outcome, message: string): Promise<IngestResult> {
  const result = run.end(outcome, message);
  const progress = run.progress();
  const recording = progress.training ? paidLedger : ledger;
  await recording(`Record the outcome: ${outcome}`).closeRun({ run: run.ref, progress });
  return result;
}

/** Records the outcome of an error, cancelled or not. A refused dataset completes the run; other errors reject it. */
async function closeWithError(run: RunState, error: unknown): Promise<IngestResult> {
  const end = endOfError(error);
  if (end.outcome === 'failed') run.serviceValidation = end.serviceValidation;
  if (end.outcome === 'refused') run.onRefusal(refusalFinding(end.refusal), end.refusal.details);
  const result = await CancellationScope.nonCancellable(() => close(run, end.outcome, end.message));
  if (end.outcome === 'refused') return result;
  throw end.failure;
}
