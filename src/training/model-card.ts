import type { Evaluation, ModelCardContext, TrainingResult } from '../contracts.js';

/** Words that go with every figure that the emulator made. */
export const LOCAL_BASELINE = "local baseline, not Rekognition's figure";

/** `models/<model version>.json`: what a model is, where it comes from and how good it is. */
export interface ModelCard {
  readonly dataset: string;
  readonly version: string;
  readonly model: {
    readonly projectVersionArn: string;
    readonly modelVersion: string;
    readonly status: string;
    readonly trainer: TrainingResult['trainer'];
    readonly trainingSeconds: number;
    readonly billableSeconds: number | null;
  };
  readonly lineage: Pick<ModelCardContext, 'archiveId' | 'datasetVersion' | 'rulesVersion' | 'manifests'> & {
    readonly trainManifest: string;
    readonly valManifest: string;
  };
  readonly settings: ModelCardContext['settings'];
  readonly images: ModelCardContext['images'];
  readonly annotations: ModelCardContext['annotations'];
  readonly labels: ModelCardContext['labels'];
  readonly approval: ModelCardContext['approval'];
  readonly evaluation: Evaluation & { readonly note: string | null };
}

export function modelCard(input: {
  readonly dataset: string;
  readonly version: string;
  readonly trainManifest: string;
  readonly valManifest: string;
  readonly card: ModelCardContext;
  readonly training: TrainingResult;
  readonly evaluation: Evaluation;
}): ModelCard {
  const { dataset, version, trainManifest, valManifest, card, training, evaluation } = input;
  const { archiveId, datasetVersion, rulesVersion, manifests } = card;
  return {
    dataset,
    version,
    model: {
      projectVersionArn: training.projectVersionArn,
      modelVersion: training.modelVersion,
      status: training.status,
      trainer: training.trainer,
      trainingSeconds: training.seconds,
      billableSeconds: training.billableSeconds,
    },
    lineage: { archiveId, datasetVersion, rulesVersion, manifests, trainManifest, valManifest },
    settings: card.settings,
    images: card.images,
    annotations: card.annotations,
    labels: card.labels,
    approval: card.approval,
    evaluation: { ...evaluation, note: training.trainer === 'emulator' ? LOCAL_BASELINE : null },
  };
}
