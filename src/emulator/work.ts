import { serviceMessage } from '../custom-labels/rules.js';
import { SERVICE_ISSUE } from './chaos.js';
import type { Context } from './context.js';
import { mergeEntries } from './entry-store.js';
import { readManifest } from './manifest-reading.js';
import type { Dataset, Project, Version } from './state.js';
import { type JobEnd, runTraining } from './training-job.js';

const ISSUE_MESSAGE = 'Amazon Rekognition experienced a service issue.';
const ISSUE_END: JobEnd = { status: 'TRAINING_FAILED', message: ISSUE_MESSAGE, f1: null, validated: false };

/** Resumes the jobs that an earlier process left unfinished. */
export function resumeWork(context: Context): void {
  for (const project of context.state.projects) {
    for (const version of project.versions) if (!version.end) train(context, project, version);
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
    },
  );
}

/** Starts the import of the dataset's pending manifest. */
export function importDataset(context: Context, dataset: Dataset): void {
  const { entries, state } = context;
  const source = dataset.pending;
  if (!source) return;
  context.jobs.start(
    `dataset ${dataset.arn}`,
    async (signal) => {
      const read = await readManifest(context.store, source, signal);
      const content = 'code' in read ? read.code : mergeEntries([], read.text);
      if (typeof content === 'string') return { failure: serviceMessage(content), failedByService: false };
      const fault = datasetFailure(context);
      if (!fault) entries.write(dataset.arn, content);
      return fault ?? { failure: null, failedByService: false };
    },
    (end = { failure: ISSUE_MESSAGE, failedByService: true }) => {
      Object.assign(dataset, { ...end, pending: null, updated: context.now() });
      state.save();
    },
  );
}

/** The failure that a configured fault injects into a change of a dataset; undefined if none does. */
export function datasetFailure({ chaos }: Context): Pick<Dataset, 'failure' | 'failedByService'> | undefined {
  const fault = chaos.jobFailure('fail-dataset');
  if (!fault) return undefined;
  const isIssue = fault === SERVICE_ISSUE;
  return { failure: isIssue ? ISSUE_MESSAGE : serviceMessage(fault), failedByService: isIssue };
}
