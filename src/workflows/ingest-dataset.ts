import { CancellationScope, CancelledFailure, isCancellation } from '@temporalio/workflow';
import type { Conversion, Inspection } from '../activities/interface.js';
import type { Approval, IngestInput, IngestResult, TrainInput } from '../contracts/workflow-io.js';
import { refusalFinding } from '../dataset/curating/validation-report.js';
import { versionKey } from '../dataset/model/layout.js';
import { RULES_VERSION } from '../dataset/model/settings.js';
import { dataset, ledger, trainer } from './activities.js';
import { ApprovalGate, needsApproval } from './approval.js';
import { failure, outcomeOf } from './failures.js';
import { applyGate } from './quality-gate.js';
import { preprocess, ReadyWait } from './ready-wait.js';
import { RunState } from './run-state.js';
import { TrainChild } from './train-child.js';

/** From an uploaded archive to a model card, or to the reason why there is none. */
export async function ingestDataset(input: IngestInput): Promise<IngestResult> {
  const run = new RunState(input);
  const ready = new ReadyWait((progress) => run.hearProgress(progress));
  const gate = new ApprovalGate(input.dataset);
  const child = new TrainChild(
    (started) => {
      run.training = started;
    },
    () => run.enter('evaluating'),
  );

  try {
    run.enter('inspecting');
    await ledger('enters the upload into the ledger').openRun(run.ref);
    const inspection = await dataset('reads directory and COCO files, plans batches').inspectArchive(input);
    run.inspection = inspection;
    const version = { bucket: input.upload.bucket, dataset: input.dataset, version: inspection.version };

    run.enter('preprocessing');
    await preprocess(input, inspection, ready);

    run.enter('converting');
    const conversion = await dataset('curates, splits, writes the manifests').convertManifest({
      ...version,
      batches: inspection.batches,
      settings: input.settings,
      manifestAccess: input.run.manifestAccess,
      trainingAttempt: input.run.trainingAttempt,
    });
    run.conversion = conversion;

    run.enter('validating');
    const validation = await dataset("applies the service's rules").validateDataset({
      ...version,
      settings: input.settings,
    });
    run.findings = validation.findings;
    if (validation.refusal) throw failure('DatasetInvalid', validation.refusal);
    await dataset('copies the version to manifest/').publishManifests({
      ...version,
      manifestAccess: input.run.manifestAccess,
    });

    const approval = await approve(input, run, gate);
    if (approval?.decision === 'rejected') {
      return await close(
        run,
        'rejected',
        `Training was rejected by ${approval.by}${approval.note === '' ? '.' : `: ${approval.note}`}`,
      );
    }

    run.enter('training');
    run.trained = await child.train(trainInput(input, inspection, conversion, approval));
    const { passed, message } = applyGate(input.run.minF1, run.trained);
    return await close(run, passed ? 'done' : 'rejected-by-quality', `${input.dataset} ${message}`);
  } catch (error) {
    return await closeWithError(run, error);
  }
}

/** Asks a person where the trainer that the worker would use costs money; null where nobody has to be asked. */
async function approve(input: IngestInput, run: RunState, gate: ApprovalGate): Promise<Approval | null> {
  const described = await trainer('asks who trains and who pays').describeTrainer({
    images: run.conversion?.images.used ?? 0,
  });
  const warnings = run.findings.filter((finding) => finding.severity === 'warning').length;
  if (!needsApproval(input.run.requireApproval, described, warnings)) return null;
  run.enterApproval(described);
  const approval = await gate.decided();
  run.leaveApproval();
  return approval;
}

function trainInput(
  input: IngestInput,
  inspection: Inspection,
  conversion: Conversion,
  approval: Approval | null,
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
    },
  };
}

async function close(
  run: RunState,
  outcome: IngestResult['outcome'],
  message: string,
): Promise<IngestResult> {
  const result = run.end(outcome, message);
  await ledger(`writes the outcome: ${outcome}`).closeRun({ run: run.ref, progress: run.progress() });
  return result;
}

/** A refused dataset is an answer and completes the run; anything else fails it, or leaves it cancelled. */
async function closeWithError(run: RunState, error: unknown): Promise<IngestResult> {
  const { outcome, message, type, refusal } = outcomeOf(error);
  if (refusal) run.hearRefusal(refusalFinding(refusal), refusal.details);
  const result = await CancellationScope.nonCancellable(() => close(run, outcome, message));
  if (outcome === 'refused') return result;
  if (isCancellation(error)) throw new CancelledFailure(message);
  throw failure(type as Parameters<typeof failure>[0], message);
}
