import type {
  Evaluation,
  ModelCardContext,
  ServiceValidation,
  TrainingResult,
} from '../contracts/workflow-io.js';
import type { ModelCard } from './model-card-schema.js';
import { parseVersionArn } from './projects.js';

/** Note that accompanies every metric of the emulator. */
export const LOCAL_BASELINE = 'local baseline, not measured by Rekognition';

/** Assembles the model card of a completed training. */
export function modelCard(input: {
  readonly dataset: string;
  readonly version: string;
  readonly trainManifest: string;
  readonly valManifest: string;
  readonly card: ModelCardContext;
  readonly training: TrainingResult;
  readonly evaluation: Evaluation | null;
  /** Why there is no evaluation. */
  readonly evaluationProblem: string | null;
  readonly serviceValidation: ServiceValidation | null;
}): ModelCard {
  const { dataset, version, trainManifest, valManifest, card, training, evaluation } = input;
  const { evaluationProblem, serviceValidation } = input;
  const { archiveId, datasetVersion, rulesVersion, manifests } = card;
  return {
    dataset,
    version,
    model: {
      projectVersionArn: training.projectVersionArn,
      modelVersion: training.modelVersion,
      project: parseVersionArn(training.projectVersionArn)?.project ?? null,
      status: training.status,
      trainer: training.trainer,
      created: training.created ?? null,
      ended: training.ended ?? null,
      trainingSeconds: training.seconds,
      billableSeconds: training.billableSeconds,
      evaluationManifest: training.evaluationManifest ?? null,
    },
    lineage: { archiveId, datasetVersion, rulesVersion, manifests, trainManifest, valManifest },
    settings: { ...card.settings },
    images: { ...card.images, left: { ...card.images.left } },
    annotations: card.annotations,
    labels: [...card.labels],
    quality: card.quality ?? null,
    qualityReasons: card.qualityReasons ? [...card.qualityReasons] : null,
    approval: card.approval,
    evaluation: evaluation && {
      ...evaluation,
      trainImages: evaluation.trainImages ?? null,
      recounted: evaluation.recounted ?? null,
      labels: [...evaluation.labels],
      note: training.trainer === 'emulator' ? LOCAL_BASELINE : null,
    },
    evaluationProblem,
    serviceValidation,
  };
}
