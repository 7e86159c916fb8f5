import { serviceMessage } from '../../custom-labels/rules.js';
import { autoSplit } from '../autosplit.js';
import type { Context, Operations } from '../context.js';
import { addDataset } from '../dataset-import.js';
import { isLabelled, labelCounts, labelsIn } from '../entry-store.js';
import { ServiceException } from '../errors.js';
import { datasetStatus, isBusy, requireIdle, requireReadable } from './dataset-status.js';
import { findDataset, findOpenProject } from './find.js';
import { parse } from './parse.js';
import * as shapes from './shapes.js';

export function datasetOperations(context: Context): Operations {
  return {
    CreateDataset: (request) => createDataset(context, parse(shapes.createDataset, request)),
    DescribeDataset: (request) => describeDataset(context, parse(shapes.ofDataset, request).DatasetArn),
    DeleteDataset: (request) => deleteDataset(context, parse(shapes.ofDataset, request).DatasetArn),
    DistributeDatasetEntries: (request) =>
      distribute(context, parse(shapes.distributeDatasetEntries, request)),
  };
}

function createDataset(context: Context, request: shapes.CreateDataset) {
  const project = findOpenProject(context, request.ProjectArn);
  const { DatasetType: type, DatasetSource: source } = request;
  if (project.datasets.some((one) => one.type === type)) {
    throw new ServiceException('ResourceAlreadyExistsException');
  }
  const copied =
    source?.DatasetArn === undefined ? undefined : findDataset(context, source.DatasetArn).dataset;
  if (copied) requireReadable(context, copied);
  const manifest = source?.GroundTruthManifest?.S3Object ?? null;
  const entries = copied ? context.entries.read(copied.arn) : [];
  const { arn } = addDataset(context, project, type, manifest, entries);
  context.state.setTags(arn, request.Tags ?? {});
  context.state.save();
  return { DatasetArn: arn };
}

function describeDataset(context: Context, arn: string) {
  const { dataset } = findDataset(context, arn);
  const entries = context.entries.read(arn);
  return {
    DatasetDescription: {
      CreationTimestamp: dataset.created / 1000,
      LastUpdatedTimestamp: dataset.updated / 1000,
      ...datasetStatus(context, dataset),
      DatasetStats: {
        LabeledEntries: entries.filter(({ result }) => isLabelled(result)).length,
        TotalEntries: entries.length,
        TotalLabels: labelCounts(entries).size,
        ErrorEntries: entries.filter(({ result }) => result.errors.length > 0).length,
      },
    },
  };
}

function deleteDataset(context: Context, arn: string) {
  const { dataset } = findDataset(context, arn);
  requireIdle(context, dataset);
  dataset.deleted = context.now();
  context.state.save();
  return {};
}

/** Moves 20 % of the training entries to the project's empty testing dataset. */
function distribute(context: Context, { Datasets: requested }: shapes.DistributeDatasetEntries) {
  const found = requested.map(({ Arn }) => findDataset(context, Arn));
  const train = found.find(({ dataset }) => dataset.type === 'TRAIN');
  const test = found.find(({ dataset }) => dataset.type === 'TEST');
  if (!train || !test || train.project !== test.project) {
    throw new ServiceException(
      'InvalidParameterException',
      'Specify the training and the testing dataset of one project.',
    );
  }
  const datasets = [train.dataset, test.dataset];
  if (datasets.some((dataset) => isBusy(context, dataset))) {
    throw new ServiceException('ResourceNotReadyException');
  }
  for (const dataset of datasets) requireReadable(context, dataset);
  if (context.entries.read(test.dataset.arn).length > 0) {
    throw new ServiceException('InvalidParameterException', 'The testing dataset must be empty.');
  }
  const entries = context.entries.read(train.dataset.arn);
  const usable = entries
    .filter(({ result }) => result.status === 'valid')
    .map((entry) => ({ entry, sourceRef: entry.sourceRef, labels: labelsIn(entry.result) }));
  const moved = autoSplit(usable);
  if (moved) {
    const chosen = new Set([...moved].map(({ entry }) => entry));
    context.entries.write(test.dataset.arn, [...chosen]);
    context.entries.write(
      train.dataset.arn,
      entries.filter((entry) => !chosen.has(entry)),
    );
  }
  const failure = moved ? null : serviceMessage('ERROR_INSUFFICIENT_IMAGES_PER_LABEL_FOR_DISTRIBUTE');
  for (const dataset of datasets) {
    Object.assign(dataset, { phase: 'UPDATE', updated: context.now(), failure, failedByService: false });
  }
  context.state.save();
  return {};
}
