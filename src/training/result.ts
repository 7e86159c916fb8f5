import type { ProjectVersionDescription } from '@aws-sdk/client-rekognition';
import type { TrainerDescription, TrainingResult } from '../contracts/workflow-io.js';
import { s3Uri } from '../lib/s3-uri.js';
import { manifestLocation } from './s3-object.js';

/** The result of an ended training, from the service's description of its model version. */
export function trainingResult(
  version: ProjectVersionDescription,
  model: { readonly projectVersionArn: string; readonly modelVersion: string },
  trainer: TrainerDescription['kind'],
): TrainingResult {
  const created = version.CreationTimestamp;
  const ended = version.TrainingEndTimestamp ?? created;
  return {
    projectVersionArn: model.projectVersionArn,
    modelVersion: model.modelVersion,
    status: version.Status ?? '',
    seconds: created && ended ? Math.round((ended.getTime() - created.getTime()) / 1000) : 0,
    billableSeconds: version.BillableTrainingTimeInSeconds ?? null,
    trainer,
    created: created?.toISOString() ?? null,
    ended: version.TrainingEndTimestamp?.toISOString() ?? null,
    evaluationManifest: evaluationManifest(version),
  };
}

function evaluationManifest(version: ProjectVersionDescription): string | null {
  const location = manifestLocation(version.TestingDataResult?.Output?.Assets?.[0]);
  return location ? s3Uri(location) : null;
}
