import { fileSource } from './archive/source.js';
import type { Finding, IngestResult } from './contracts.js';
import { DatasetError } from './dataset/errors.js';
import { versionDir } from './dataset/identity.js';
import type { DatasetSettings } from './dataset/settings.js';
import { validateManifests } from './dataset/validation.js';
import { convert, type ProcessedRecord } from './pipeline/convert.js';
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

const NOWHERE: BatchSink = { raw: async () => undefined, preprocessed: async () => undefined };
/** Stands for a bucket in the manifests that the check validates and throws away. */
const BUCKET = 'bucket';

/**
 * Reads, curates and validates an archive in this process: no server, no upload, no training.
 * An unfit dataset is a result with `fit: false`; only a file that can't be opened throws.
 */
export async function checkArchive(
  path: string,
  dataset: string,
  settings: DatasetSettings,
  onProgress: (progress: CheckProgress) => void,
): Promise<CheckResult> {
  const source = await fileSource(path);
  try {
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
    onProgress({ stage: 'converting', done: plan.images, total: plan.images });
    const converted = await convert({ plan, records, settings, bucket: BUCKET, dataset });
    onProgress({ stage: 'validating', done: plan.images, total: plan.images });
    const { findings, refusal } = validateManifests(converted.trainManifest, converted.valManifest);
    const { curation } = converted;
    return {
      fit: refusal === null,
      message: refusal ?? `${dataset} is fit for training.`,
      dataset,
      version: versionDir(plan.datasetVersion),
      images: curation.images,
      annotations: curation.annotations,
      labels: curation.labels,
      droppedClasses: curation.droppedClasses,
      groups: curation.groups,
      findings: [...plan.findings, ...curation.findings, ...findings],
    };
  } catch (error) {
    if (error instanceof DatasetError) return unfit(dataset, error);
    throw error;
  } finally {
    await source.close();
  }
}

function unfit(dataset: string, error: DatasetError): CheckResult {
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
