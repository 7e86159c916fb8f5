import { serviceMessage } from '../../custom-labels/rules.js';
import { DATASET_METADATA } from '../../custom-labels/validate-line.js';
import { byCodePoint } from '../../lib/order.js';
import type { Context, Operations } from '../context.js';
import { datasetFailure } from '../dataset-import.js';
import { type Entry, isLabelled, labelCounts, labelsIn, mergeEntries } from '../entry-store.js';
import { DATASET_NOTES, withNotes } from '../notes.js';
import { requireIdle, requireReadable } from './dataset-status.js';
import { findDataset } from './find.js';
import { page } from './paging.js';
import { parse } from './parse.js';
import * as shapes from './shapes.js';

export function entryOperations(context: Context): Operations {
  return {
    ListDatasetEntries: (request) => listEntries(context, parse(shapes.listDatasetEntries, request)),
    ListDatasetLabels: (request) => listLabels(context, parse(shapes.listDatasetLabels, request)),
    UpdateDatasetEntries: (request) => updateEntries(context, parse(shapes.updateDatasetEntries, request)),
  };
}

function listEntries(context: Context, request: shapes.ListDatasetEntries) {
  const { dataset } = findDataset(context, request.DatasetArn);
  requireReadable(context, dataset);
  const {
    ContainsLabels: labels,
    Labeled: labelled,
    SourceRefContains: part,
    HasErrors: hasErrors,
  } = request;
  const found = context.entries
    .read(dataset.arn)
    .filter(
      ({ result, sourceRef }) =>
        (labels === undefined || labelsIn(result).some((label) => labels.includes(label))) &&
        (labelled === undefined || isLabelled(result) === labelled) &&
        (part === undefined || sourceRef.includes(part)) &&
        (hasErrors === undefined || result.errors.length > 0 === hasErrors),
    );
  const { items, token } = page(found, request);
  return { DatasetEntries: items.map(entryLine), ...token };
}

function entryLine({ line, result }: Entry): string {
  const noted = withNotes(line, result, DATASET_NOTES);
  return JSON.stringify({ ...noted, [DATASET_METADATA]: { is_labeled: isLabelled(result) } });
}

function listLabels(context: Context, request: shapes.ListDatasetLabels) {
  const { dataset } = findDataset(context, request.DatasetArn);
  requireReadable(context, dataset);
  const all = [...labelCounts(context.entries.read(dataset.arn))].sort(([a], [b]) => byCodePoint(a, b));
  const { items, token } = page(all, request);
  return {
    DatasetLabelDescriptions: items.map(([name, { entries, boxes }]) => ({
      LabelName: name,
      LabelStats: { EntryCount: entries, BoundingBoxCount: boxes },
    })),
    ...token,
  };
}

/** Adds entries and replaces those of the same image. If the service refuses the changes, the dataset stays unchanged. */
function updateEntries(context: Context, request: shapes.UpdateDatasetEntries) {
  const { dataset } = findDataset(context, request.DatasetArn);
  requireIdle(context, dataset);
  const changes = Buffer.from(request.Changes.GroundTruth, 'base64').toString('utf8');
  const merged = mergeEntries(context.entries.read(dataset.arn), changes);
  const fault = datasetFailure(context);
  if (typeof merged !== 'string' && !fault) context.entries.write(dataset.arn, merged);
  const failure = typeof merged === 'string' ? serviceMessage(merged) : null;
  Object.assign(dataset, {
    phase: 'UPDATE',
    updated: context.now(),
    failure: fault?.failure ?? failure,
    failedByService: fault?.failedByService ?? false,
  });
  context.state.save();
  return {};
}
