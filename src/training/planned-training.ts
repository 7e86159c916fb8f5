import type { TrainerDescription } from '../contracts/workflow-io.js';
import { imageLimits } from '../dataset/model/service-limits.js';
import { TrainingError } from './errors.js';
import type { TrainingProject } from './projects.js';

/** A training that waits for approval. */
export interface PlannedTraining {
  readonly dataset: string;
  /** Number of training images. */
  readonly train: number;
  /** Number of validation images. */
  readonly val: number;
}

/** @throws TrainingError `TrainerRefused` if the training exceeds the maximum images of the region */
export function assertRegionAllows(region: string, { train, val }: PlannedTraining): void {
  const limits = imageLimits(region);
  if (train <= limits.train && val <= limits.test) return;
  const [most, mostVal] = [limits.train, limits.test].map((limit) => limit.toLocaleString('en'));
  throw new TrainingError(
    'TrainerRefused',
    `Rekognition trains on a maximum of ${most} images and tests on a maximum of ${mostVal} in ${region}; the dataset has ${train} and ${val}. Train in another region, or with fewer images.`,
  );
}

/** The fields of a TrainerDescription that name the project of the training, with the reason if it is not the first. */
export function projectFields({
  name,
  withDatasets,
}: TrainingProject): Pick<TrainerDescription, 'project' | 'projectNote'> {
  if (withDatasets.length === 0) return { project: name };
  return {
    project: name,
    projectNote: `The training uses the project ${name}, because Rekognition does not train from manifests in a project with datasets (${withDatasets.join(', ')}). Its console creates datasets when it opens a project. They stay unchanged.`,
  };
}
