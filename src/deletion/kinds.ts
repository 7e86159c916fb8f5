import {
  datasetPrefix,
  landingPrefix,
  ledgerPrefix,
  preprocessedPrefix,
  rawPrefix,
  statusKey,
} from '../dataset/model/layout.js';

/**
 * Kinds of a dataset's objects, in the order of their deletion. `records` come last: the ledger among them prevents that
 * an upload is ingested again after an interrupted deletion.
 */
export const OBJECT_KINDS = [
  'uploads',
  'originals',
  'preprocessed',
  'versions',
  'models',
  'records',
] as const;
export type ObjectKind = (typeof OBJECT_KINDS)[number];

/** The prefixes of the records: the ledger, and the status of the latest run. */
export const recordPrefixes = (dataset: string) => [ledgerPrefix(dataset), statusKey(dataset)];

/** The kind of an object of a dataset, by its key. */
export function kindOf(dataset: string, key: string): ObjectKind {
  if (key.startsWith(landingPrefix)) return 'uploads';
  if (key.startsWith(rawPrefix(dataset))) return 'originals';
  if (key.startsWith(preprocessedPrefix(dataset))) return 'preprocessed';
  if (key.startsWith(`${datasetPrefix(dataset)}models/`)) return 'models';
  if (recordPrefixes(dataset).some((prefix) => key.startsWith(prefix))) return 'records';
  // Versions, the copies of the latest one, and intermediate results.
  return 'versions';
}

/** The kinds as people read them. */
export const OBJECT_KIND_NAMES: Readonly<Record<ObjectKind, string>> = {
  uploads: 'uploads',
  originals: 'original images',
  preprocessed: 'preprocessed images',
  versions: 'dataset versions',
  models: 'files of models',
  records: 'records of runs',
};
