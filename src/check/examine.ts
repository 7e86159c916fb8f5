import type { ByteSource } from '../archive/source.js';
import type { IngestResult } from '../contracts/workflow-io.js';
import { validateLines } from '../custom-labels/validate-dataset.js';
import type { BoxedImages } from '../dataset/boxes/box-images.js';
import type { Curation } from '../dataset/curating/curate.js';
import { qualityOf, unfit as qualityOfUnfit } from '../dataset/curating/quality.js';
import { CurationRefusal } from '../dataset/curating/refusals.js';
import { refusalFinding } from '../dataset/curating/validation-report.js';
import { DatasetError } from '../dataset/model/errors.js';
import { sortByHarm } from '../dataset/model/harm.js';
import { datasetVersion, versionDir } from '../dataset/model/identity.js';
import type { DatasetQuality } from '../dataset/model/quality.js';
import type { DatasetSettings } from '../dataset/model/settings.js';
import type { PlanBatch } from '../dataset/model/types.js';
import { ContentResults } from '../pipeline/content-results.js';
import { convert } from '../pipeline/convert.js';
import type { Plan } from '../pipeline/files.js';
import { type Inspect, inspect as inspectHere } from '../pipeline/inspect.js';
import { type PictureFacts, pictureFacts } from '../pipeline/picture-facts.js';
import { type BatchSink, type Processed, processBatch } from '../pipeline/process-batch.js';
import { joinBatch, type ProcessedRecord } from '../pipeline/records.js';
import { MemoryThumbnails, type Thumbnails } from '../pipeline/thumbnails.js';

/** Progress of a check: `done` of `total` images in the current stage. */
export interface CheckProgress {
  readonly stage: 'inspecting' | 'preprocessing' | 'converting' | 'validating';
  readonly done: number;
  readonly total: number;
}

/** The JSON document of `curator check`: the fields of IngestResult that describe the dataset, and whether it is fit. */
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
> &
  DatasetQuality & { readonly fit: boolean };

/** An archive whose images have been preprocessed. It can be assessed again with other settings without reading it again. */
export interface ReadArchive extends PictureFacts {
  readonly plan: Plan;
  readonly batches: readonly PlanBatch[];
  readonly records: readonly ProcessedRecord[];
}

/** Whether a dataset is fit for training with some settings. */
export interface Assessment {
  readonly result: CheckResult;
  /** Null if the dataset was refused; `result` has the reason. */
  readonly curation: Curation | null;
  /** The images with their boxes in preprocessed pixels; null if the dataset was refused before they were moved. */
  readonly boxed: BoxedImages | null;
}

/** The result of reading and assessing an archive. */
export interface Examination extends Assessment {
  /** Null if the archive cannot be read as a dataset. */
  readonly archive: ReadArchive | null;
}

export interface CheckOptions {
  readonly dataset: string;
  readonly settings: DatasetSettings;
  readonly onProgress: (progress: CheckProgress) => void;
  /** Inspects the archive. The default does so in this process. */
  readonly inspect?: Inspect;
  /** Keeps the thumbnails. The default does so in memory. */
  readonly thumbnails?: Thumbnails;
}

const DISCARD: BatchSink = {
  raw: async () => undefined,
  preprocessed: async () => undefined,
  copied: async () => true,
};
/** A placeholder for the bucket in the manifests, which the check validates and discards. */
const BUCKET = 'bucket';

/**
 * Reads, curates and validates an archive in this process, without server, upload or training.
 * A dataset that is not fit is a result with `fit: false`.
 * @throws errors of the source, for example if a file cannot be read
 */
export async function examineArchive(source: ByteSource, options: CheckOptions): Promise<Examination> {
  try {
    const archive = await readArchive(source, options);
    return { archive, ...assessArchive(archive, options) };
  } catch (error) {
    return { archive: null, curation: null, boxed: null, result: unfit(options.dataset, error) };
  }
}

/**
 * Reads an archive, preprocesses its images and finds copies.
 * @throws DatasetError if the archive cannot be read as a dataset
 */
export async function readArchive(
  source: ByteSource,
  { dataset, settings, onProgress, inspect = inspectHere, thumbnails = new MemoryThumbnails() }: CheckOptions,
): Promise<ReadArchive> {
  onProgress({ stage: 'inspecting', done: 0, total: 0 });
  const { plan, batches } = await inspect(source, settings);
  const contents = new ContentResults<Processed>(
    batches.flatMap(({ images }) => images.map(({ entry }) => entry)),
  );
  const records: ProcessedRecord[] = [];
  for (const batch of batches) {
    let done = records.length;
    const processed = await processBatch({
      source,
      batch,
      dataset,
      settings,
      contents,
      sink: DISCARD,
      onImage: () => {
        done += 1;
        onProgress({ stage: 'preprocessing', done, total: plan.images });
      },
    });
    records.push(...joinBatch(batch, processed, thumbnails));
  }
  onProgress({ stage: 'converting', done: plan.images, total: plan.images });
  return { plan, batches, records, ...(await pictureFacts(records, thumbnails)) };
}

/** Settings that reading an archive depends on; all others take effect when it is assessed. */
const READING_SETTINGS = ['imageMaxSide', 'tiles', 'stretchContrast', 'keepCrowd'] as const;

/** Whether an archive that was read with `before` must be read again for `after`. */
export const needsReading = (before: DatasetSettings, after: DatasetSettings): boolean =>
  READING_SETTINGS.some((name) => before[name] !== after[name]);

/** Curates and validates a dataset. `needsReading` says which settings may differ from those of `readArchive`. */
export function assessArchive(
  { plan, records, groupOf, sameAs, unmoved, lowContrast }: ReadArchive,
  { dataset, settings, onProgress }: CheckOptions,
): Assessment {
  const { images: total } = plan;
  const version = versionDir(datasetVersion(plan.archiveId, settings));
  try {
    onProgress({ stage: 'converting', done: total, total });
    const { curation, trainManifest, valManifest } = convert({
      ...{ plan, records, groupOf, sameAs, unmoved, lowContrast, settings, dataset },
      bucket: BUCKET,
    });
    onProgress({ stage: 'validating', done: total, total });
    const { findings, refusal } = validateLines(trainManifest, valManifest);
    const { images, annotations, labels, droppedClasses, groups } = curation;
    const all = sortByHarm([...findings, ...curation.findings, ...plan.findings]);
    const result: CheckResult = {
      fit: refusal === null,
      ...qualityOf({ dataset, refusal, findings: all, counts: curation }),
      dataset,
      version,
      ...{ images, annotations, labels, droppedClasses, groups },
      findings: all,
    };
    return { result, curation, boxed: curation.boxed };
  } catch (error) {
    const { findings, ...result } = unfit(dataset, error);
    return {
      result: { ...result, version, findings: sortByHarm([...findings, ...plan.findings]) },
      curation: null,
      boxed: error instanceof CurationRefusal ? error.boxed : null,
    };
  }
}

/**
 * The result of a check that failed with a DatasetError.
 * @throws `error` if it is any other error
 */
export function unfit(dataset: string, error: unknown): CheckResult {
  if (!(error instanceof DatasetError)) throw error;
  const counted = error instanceof CurationRefusal ? error.facts : null;
  const findings = [refusalFinding(error), ...(counted?.findings ?? [])];
  return {
    fit: false,
    ...qualityOfUnfit(findings),
    message: error.message,
    dataset,
    version: null,
    images: counted?.images ?? null,
    annotations: counted?.annotations ?? null,
    labels: [],
    droppedClasses: counted?.droppedClasses ?? [],
    groups: counted?.groups ?? null,
    findings,
  };
}
