import type { ByteSource } from './archive/source.js';
import type { Finding, IngestResult } from './contracts.js';
import type { Curation } from './dataset/curate.js';
import { DatasetError } from './dataset/errors.js';
import { datasetVersion, versionDir } from './dataset/identity.js';
import type { DatasetSettings } from './dataset/settings.js';
import type { PlanBatch } from './dataset/types.js';
import { validateManifests } from './dataset/validation.js';
import { convert, type ProcessedRecord } from './pipeline/convert.js';
import type { Plan } from './pipeline/files.js';
import { inspect } from './pipeline/inspect.js';
import { type BatchSink, joinBatch, processBatch } from './pipeline/process-batch.js';

export interface CheckProgress {
  readonly stage: 'inspecting' | 'preprocessing' | 'converting' | 'validating';
  readonly done: number;
  readonly total: number;
}

/** What `curator check` prints: the dataset's part of an IngestResult. */
export type CheckResult = Pick<
  IngestResult,
  | 'message'
  | 'dataset'
  | 'version'
  | 'images'
  | 'annotations'
  | 'labels'
  | 'droppedClasses'
  | 'groups'
  | 'findings'
> & { readonly fit: boolean };

/** An archive whose images have been looked at: it can be curated by other settings without reading it again. */
export interface ReadArchive {
  readonly plan: Plan;
  readonly batches: readonly PlanBatch[];
  readonly records: readonly ProcessedRecord[];
}

export interface Verdict {
  readonly result: CheckResult;
  /** Null where curating ended in an error that the result names. */
  readonly curation: Curation | null;
}

interface CheckOptions {
  readonly dataset: string;
  readonly settings: DatasetSettings;
  readonly onProgress: (progress: CheckProgress) => void;
}

const NOWHERE: BatchSink = { raw: async () => undefined, preprocessed: async () => undefined };
/** Stands for a bucket in the manifests that the check validates and throws away. */
const BUCKET = 'bucket';

/**
 * Reads, curates and validates an archive in this process: no server, no upload, no training.
 * An unfit dataset is a result with `fit: false`; only a source that can't be read throws.
 */
export async function checkArchive(source: ByteSource, options: CheckOptions): Promise<CheckResult> {
  try {
    return (await judge(await readArchive(source, options), options)).result;
  } catch (error) {
    return unfit(options.dataset, error);
  }
}

/** @throws DatasetError where the archive can't become a dataset */
export async function readArchive(
  source: ByteSource,
  { dataset, settings, onProgress }: CheckOptions,
): Promise<ReadArchive> {
  onProgress({ stage: 'inspecting', done: 0, total: 0 });
  const { plan, batches } = await inspect(source, settings);
  const records: ProcessedRecord[] = [];
  for (const batch of batches) {
    let done = records.length;
    const processed = await processBatch({
      source,
      batch,
      dataset,
      settings,
      sink: NOWHERE,
      onImage: () => {
        done += 1;
        onProgress({ stage: 'preprocessing', done, total: plan.images });
      },
    });
    records.push(...joinBatch(batch, processed));
  }
  return { plan, batches, records };
}

/** Curates and validates by settings that may differ in all but those of images and KEEP_CROWD from what the archive was read by. */
export async function judge(
  { plan, records }: ReadArchive,
  { dataset, settings, onProgress }: CheckOptions,
): Promise<Verdict> {
  const { images: total } = plan;
  try {
    onProgress({ stage: 'converting', done: total, total });
    const { curation, trainManifest, valManifest } = await convert({
      ...{ plan, records, settings, dataset },
      bucket: BUCKET,
    });
    onProgress({ stage: 'validating', done: total, total });
    const { findings, refusal } = validateManifests(trainManifest, valManifest);
    const { images, annotations, labels, droppedClasses, groups } = curation;
    const result: CheckResult = {
      fit: refusal === null,
      message: refusal ?? `${dataset} is fit for training.`,
      dataset,
      version: versionDir(datasetVersion(plan.archiveId, settings)),
      ...{ images, annotations, labels, droppedClasses, groups },
      findings: [...plan.findings, ...curation.findings, ...findings],
    };
    return { result, curation };
  } catch (error) {
    return { result: unfit(dataset, error), curation: null };
  }
}

/** @throws what isn't the dataset's fault */
export function unfit(dataset: string, error: unknown): CheckResult {
  if (!(error instanceof DatasetError)) throw error;
  const finding: Finding = {
    code: error.type,
    severity: 'error',
    message: error.message,
    count: error.details.count ?? 1,
    examples: [...(error.details.examples ?? [])],
  };
  return {
    fit: false,
    message: error.message,
    dataset,
    version: null,
    images: null,
    annotations: null,
    labels: [],
    droppedClasses: [],
    groups: null,
    findings: [finding],
  };
}
