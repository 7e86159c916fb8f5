import { serviceMessage } from '../custom-labels/rules.js';
import { SERVICE_ISSUE } from './chaos.js';
import type { Context } from './context.js';
import { type Entry, mergeEntries } from './entry-store.js';
import { readManifest } from './manifest-reading.js';
import { arnWithin } from './operations/arns.js';
import type { Dataset, Project, S3Object } from './state.js';

export const ISSUE_MESSAGE = 'Amazon Rekognition experienced a service issue.';

/** Starts the import of the dataset's pending manifest, if it has one. */
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

/**
 * Gives a project a dataset: with the entries of another dataset, or with those of a manifest, whose import starts.
 * @param manifest null for a dataset without an import
 */
export function addDataset(
  context: Context,
  project: Project,
  type: Dataset['type'],
  manifest: S3Object | null,
  entries: readonly Entry[] = [],
): Dataset {
  const created = Math.floor(context.now());
  const dataset: Dataset = {
    arn: arnWithin(project, `dataset/${type.toLowerCase()}`, created),
    ...{ type, created, updated: created, phase: 'CREATE', pending: manifest },
    ...{ failure: null, failedByService: false, deleted: null },
  };
  context.entries.write(dataset.arn, entries);
  project.datasets.push(dataset);
  context.state.save();
  importDataset(context, dataset);
  return dataset;
}

/** The failure that a configured fault injects into a change of a dataset; undefined if none does. */
export function datasetFailure({ chaos }: Context): Pick<Dataset, 'failure' | 'failedByService'> | undefined {
  const fault = chaos.jobFailure('fail-dataset');
  if (!fault) return undefined;
  const isIssue = fault === SERVICE_ISSUE;
  return { failure: isIssue ? ISSUE_MESSAGE : serviceMessage(fault), failedByService: isIssue };
}
