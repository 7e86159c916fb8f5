import type { Asset, ProjectVersionDescription } from '@aws-sdk/client-rekognition';
import { versionsPrefix } from '../dataset/model/layout.js';
import { s3Uri } from '../lib/s3-uri.js';
import { TrainingError } from './errors.js';
import { manifestLocation } from './s3-object.js';

/** The name of a model version and its manifests. */
export interface ModelVersion {
  readonly bucket: string;
  /** Name of the dataset. Its projects have names after it, see `projectName`. */
  readonly dataset: string;
  readonly modelVersion: string;
  readonly trainManifestKey: string;
  readonly valManifestKey: string;
}

/**
 * Checks that an existing model version of the same name was trained on the manifests of `model`: on the same objects, or
 * on those of another version of the dataset. The name is a hash of both manifests, so versions of a dataset whose settings
 * make no difference have the same model version.
 * @throws TrainingError `TrainingNameTaken` if it was trained on other manifests
 */
export function assertSameManifests(version: ProjectVersionDescription, model: ModelVersion): void {
  const train = version.TrainingDataResult?.Input?.Assets?.[0];
  const test = version.TestingDataResult?.Input?.Assets?.[0];
  if (isOfDataset(train, model, model.trainManifestKey) && isOfDataset(test, model, model.valManifestKey))
    return;
  throw new TrainingError(
    'TrainingNameTaken',
    `The model version ${version.ProjectVersionArn} has the name of this training but was trained on ${nameOf(train)} and ${nameOf(test)}. To train under a new name, use --retry-training.`,
  );
}

/** Whether the asset is the manifest with this key, or the manifest of that name in another version of the dataset. */
function isOfDataset(asset: Asset | undefined, { bucket, dataset }: ModelVersion, key: string): boolean {
  const found = manifestLocation(asset);
  if (found?.bucket !== bucket) return false;
  const file = key.slice(key.lastIndexOf('/'));
  const isOfVersion = (one: string) => one.startsWith(versionsPrefix(dataset)) && one.endsWith(file);
  return found.key === key || (isOfVersion(found.key) && isOfVersion(key));
}

function nameOf(asset: Asset | undefined): string {
  const found = manifestLocation(asset);
  return found ? s3Uri(found) : 'no manifest';
}
