import { SERVICE_ISSUE } from './chaos.js';
import type { Context } from './context.js';
import { copyOutput } from './copy-job.js';
import { addDataset, ISSUE_MESSAGE, importDataset } from './dataset-import.js';
import type { Project, Version } from './state.js';
import { type JobEnd, runTraining } from './training-job.js';

const ISSUE_END: JobEnd = { status: 'TRAINING_FAILED', message: ISSUE_MESSAGE, f1: null, validated: false };

/** Resumes the jobs that an earlier process left unfinished. */
export function resumeWork(context: Context): void {
  for (const project of context.state.projects) {
    for (const version of project.versions) {
      if (version.end) continue;
      if (version.source === null) train(context, project, version);
      else copyVersion(context, project, version);
    }
    for (const dataset of project.datasets) if (dataset.pending) importDataset(context, dataset);
  }
}

/** Starts the training job of a version. */
export function train(context: Context, project: Project, version: Version): void {
  const fault = context.chaos.jobFailure('fail-training', `${project.name}/${version.name}`);
  context.jobs.start(
    `training ${version.arn}`,
    async (signal) =>
      fault === SERVICE_ISSUE ? ISSUE_END : await runTraining(context, project, version, fault, signal),
    (end = ISSUE_END) => {
      version.end = { ...end, at: context.now() };
      context.state.save();
      openConsole(context, project, version);
    },
  );
}

/** Starts the job that copies the output files of a copied version's source. */
export function copyVersion(context: Context, project: Project, version: Version): void {
  context.jobs.start(
    `copy ${version.arn}`,
    (signal) => copyOutput(context, project, version, signal),
    (end = ISSUE_END) => {
      version.end = { ...end, at: context.now() };
      context.state.save();
    },
  );
}

/**
 * The fault `open-console`: gives the project datasets with the manifests of the training, as the service's console does
 * when a person opens a project without datasets.
 */
function openConsole(context: Context, project: Project, version: Version): void {
  const { train: trainManifest, test } = version;
  if (!trainManifest || !test || project.datasets.length > 0) return;
  if (!context.chaos.jobFailure('open-console', `${project.name}/${version.name}`)) return;
  addDataset(context, project, 'TRAIN', trainManifest);
  addDataset(context, project, 'TEST', test);
}
