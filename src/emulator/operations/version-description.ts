import type { Context } from '../context.js';
import { outputKeys } from '../output-files.js';
import type { Project, S3Object, Version } from '../state.js';
import { trainingEnd, versionStatus } from './model-status.js';

/** The ProjectVersionDescription of a version. Fields appear when the version has reached the state that sets them. */
export function describeVersion(context: Context, project: Project, version: Version) {
  const end = trainingEnd(version, context.now());
  const isTrained = end?.status === 'TRAINING_COMPLETED';
  const keys = outputKeys(project, version);
  const bucket = version.output.S3Bucket;
  const autoCreate = { AutoCreate: version.testing === 'auto-split' };
  const object = (Name: string) => ({ S3Object: { Bucket: bucket, Name } });
  const assets = (s3Object: S3Object) => ({ Assets: [{ GroundTruthManifest: { S3Object: s3Object } }] });
  const isCopy = version.source !== null;
  const result = (output: string, validation: string, more: object) => ({
    ...(isTrained ? { Output: { ...assets({ Bucket: bucket, Name: output }), ...more } } : {}),
    ...(end?.validated ? { Validation: assets({ Bucket: bucket, Name: validation }) } : {}),
  });
  return {
    ProjectVersionArn: version.arn,
    CreationTimestamp: version.created / 1000,
    ...versionStatus(context, version),
    ...(version.description === null ? {} : { VersionDescription: version.description }),
    ...(version.kmsKeyId === null ? {} : { KmsKeyId: version.kmsKeyId }),
    OutputConfig: version.output,
    ...(isCopy
      ? { SourceProjectVersionArn: version.source }
      : {
          TrainingDataResult: {
            Input: version.train ? assets(version.train) : {},
            ...result(keys.trainGroundTruth, keys.trainValidation, {}),
          },
          TestingDataResult: {
            Input: { ...(version.test ? assets(version.test) : {}), ...autoCreate },
            ...result(keys.testGroundTruth, keys.testValidation, autoCreate),
          },
          ...(end ? { TrainingEndTimestamp: end.at / 1000 } : {}),
        }),
    ...(end?.validated ? { ManifestSummary: object(keys.manifestSummary) } : {}),
    ...(isTrained && !isCopy
      ? { BillableTrainingTimeInSeconds: Math.round((end.at - version.created) / 1000) }
      : {}),
    ...(isTrained ? { EvaluationResult: { F1Score: end.f1, Summary: object(keys.evaluation) } } : {}),
    ...inferenceUnits(version),
    Feature: 'CUSTOM_LABELS',
  };
}

function inferenceUnits({ model }: Version) {
  if (model?.action !== 'start') return {};
  return {
    MinInferenceUnits: model.minUnits,
    ...(model.maxUnits === null ? {} : { MaxInferenceUnits: model.maxUnits }),
  };
}
