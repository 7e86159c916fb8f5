import { setCurrentDetails, setHandler, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { Conversion, Inspection, RunRef } from '../activities/interface.js';
import { STAGE_ATTRIBUTE } from '../contracts/search-attributes.js';
import type {
  Finding,
  IngestInput,
  IngestResult,
  Outcome,
  PreprocessProgress,
  Progress,
  ServiceValidation,
  Stage,
  TrainerDescription,
  TrainingStarted,
  TrainResult,
} from '../contracts/workflow-io.js';
import { unfit } from '../dataset/curating/quality.js';
import type { RefusalDetails } from '../dataset/model/errors.js';
import { modelCardKey, versionKey } from '../dataset/model/layout.js';
import { type DatasetQuality, qualityFields } from '../dataset/model/quality.js';
import { s3Uri } from '../lib/s3-uri.js';
import { runDetails } from './details.js';
import { progressQuery } from './messages.js';

/** The state of an ingest run: the source of the query `progress`, of the UI's details and of the result. */
export class RunState {
  readonly ref: RunRef;
  inspection: Inspection | null = null;
  conversion: Conversion | null = null;
  findings: readonly Finding[] = [];
  /** Without fields until the dataset is validated or refused. */
  quality: Partial<DatasetQuality> = {};
  trained: TrainResult | null = null;
  /** Set after a training, failed or not, unless an earlier version ran it. */
  serviceValidation: ServiceValidation | undefined;

  private current: Stage | Outcome = 'inspecting';
  private readonly stages: { stage: Stage; from: string; to: string | null }[] = [];
  private preprocessed: PreprocessProgress = { images: 0, rejected: 0 };
  private training: TrainingStarted | null = null;
  private waitingFor: TrainerDescription | null = null;
  private result: IngestResult | null = null;
  private refused: RefusalDetails = {};

  constructor(private readonly input: IngestInput) {
    const { workflowId, runId } = workflowInfo();
    this.ref = { dataset: input.dataset, upload: input.upload, workflowId, runId };
    setHandler(progressQuery, () => this.progress());
  }

  /** Ends the current stage and starts `stage`. */
  enter(stage: Stage): void {
    this.leave();
    this.stages.push({ stage, from: new Date().toISOString(), to: null });
    this.show(stage);
  }

  /** Starts the stage `awaiting-approval`, with the trainer that the decision is about. */
  enterApproval(trainer: TrainerDescription): void {
    this.waitingFor = trainer;
    this.enter('awaiting-approval');
  }

  leaveApproval(): void {
    this.waitingFor = null;
  }

  onProgress(progress: PreprocessProgress): void {
    this.preprocessed = progress;
  }

  onTrainingStarted(training: TrainingStarted): void {
    this.training = training;
  }

  /**
   * Sets the finding, the quality and the report of a dataset that was refused before it had manifests. After conversion, the
   * validation's own findings stay.
   */
  onRefusal(finding: Finding, details: RefusalDetails): void {
    if (this.conversion) return;
    this.findings = [finding];
    this.quality = unfit([finding]);
    this.refused = details;
  }

  /** Ends the run's last stage and builds its result. */
  end(outcome: Outcome, message: string): IngestResult {
    this.leave();
    this.waitingFor = null;
    this.result = this.toResult(outcome, message);
    this.show(outcome);
    return this.result;
  }

  /** The progress document of this moment. */
  progress(): Progress {
    return {
      stage: this.current,
      dataset: this.input.dataset,
      workflowId: this.ref.workflowId,
      runId: this.ref.runId,
      upload: this.input.upload,
      version: this.inspection?.version ?? null,
      images: {
        done: this.preprocessed.images,
        total: this.inspection?.images ?? 0,
        rejected: this.preprocessed.rejected,
      },
      stages: this.stages,
      training: this.training,
      approval: this.waitingFor && { trainer: this.waitingFor },
      ...qualityFields(this.quality),
      result: this.result,
    };
  }

  private leave(): void {
    const open = this.stages.at(-1);
    if (open && open.to === null) open.to = new Date().toISOString();
  }

  private show(stage: Stage | Outcome): void {
    this.current = stage;
    setCurrentDetails(runDetails(this.progress()));
    if (this.input.searchAttributes) upsertSearchAttributes([{ key: STAGE_ATTRIBUTE, value: stage }]);
  }

  private toResult(outcome: Outcome, message: string): IngestResult {
    const { dataset, upload } = this.input;
    const { conversion, inspection, trained } = this;
    const { report, counted } = this.refused;
    const uri = (key: string) => s3Uri({ bucket: upload.bucket, key });
    const versionUri = (file: Parameters<typeof versionKey>[2]) =>
      conversion && inspection ? uri(versionKey(dataset, inspection.version, file)) : null;
    return {
      outcome,
      message,
      dataset,
      workflowId: this.ref.workflowId,
      runId: this.ref.runId,
      version: inspection?.version ?? null,
      archive: { key: upload.key, etag: upload.etag, bytes: upload.bytes },
      images: (conversion ?? counted)?.images ?? null,
      annotations: (conversion ?? counted)?.annotations ?? null,
      labels: conversion?.labels ?? [],
      droppedClasses: (conversion ?? counted)?.droppedClasses ?? [],
      groups: conversion?.groups ?? null,
      findings: this.findings,
      ...qualityFields(this.quality),
      uris: {
        train: versionUri('train.manifest'),
        val: versionUri('val.manifest'),
        labelsTxt: versionUri('labels.txt'),
        labelsJson: versionUri('labels.json'),
        report: report ? uri(report) : versionUri('validation_report.json'),
        modelCard: trained ? uri(modelCardKey(dataset, trained.training.modelVersion)) : null,
      },
      training: trained?.training ?? null,
      evaluation: trained?.evaluation ?? null,
      ...(this.serviceValidation ? { serviceValidation: this.serviceValidation } : {}),
    };
  }
}
