import { readDirectory, type UnreadableEntry } from '../archive/directory.js';
import { MAX_ALL_JSON_BYTES } from '../archive/limits.js';
import type { ByteSource } from '../archive/source.js';
import { DatasetError } from '../dataset/model/errors.js';
import { type DatasetFinding, warning } from '../dataset/model/findings.js';
import { archiveId, datasetVersion } from '../dataset/model/identity.js';
import type { DatasetSettings } from '../dataset/model/settings.js';
import type { ArchiveEntry, PlanBatch } from '../dataset/model/types.js';
import { copyFolder } from '../dataset/reading/coco-files.js';
import { type MergedDataset, mergeCoco } from '../dataset/reading/merge.js';
import { mayHaveLabels } from '../dataset/reading/other-files.js';
import { planBatches } from '../dataset/reading/plan.js';
import { drive } from './drive.js';
import type { Plan } from './files.js';
import { jsonFiles } from './json-files.js';

/** The result of inspecting an archive, as far as the stages after it need it. */
export interface Inspected {
  readonly merged: Pick<MergedDataset, 'images' | 'labels'>;
  readonly plan: Plan;
  readonly batches: readonly PlanBatch[];
}

/** The whole result of inspecting an archive. */
export interface InspectedArchive extends Inspected {
  readonly merged: MergedDataset;
}

/** Inspects an archive, in this process or in another one. */
export type Inspect = (
  source: ByteSource,
  settings: DatasetSettings,
  signal?: AbortSignal,
) => Promise<Inspected>;

/** Maximum number of unlisted files named in the plan. */
const MAX_UNLISTED = 20;

/**
 * Reads the directory and the COCO files of an archive, but no image, and plans the batches.
 * @throws DatasetError if the archive cannot be read as a dataset
 */
export async function inspect(
  source: ByteSource,
  settings: DatasetSettings,
  signal?: AbortSignal,
): Promise<InspectedArchive> {
  const options = signal ? { signal } : {};
  const directory = await readDirectory(source, options);
  const paths = directory.entries.map(({ path }) => path);
  const unreadableJson = directory.unreadable.filter(
    ({ entry }) => isJson(entry) && copyFolder(entry.path, paths) === undefined,
  );
  const lost = unreadableJson.find(({ isForeign }) => !isForeign);
  if (lost) throw lost.refusal;
  const jsonEntries = directory.entries.filter(isJson);
  refuseLargeJson(jsonEntries);
  const files = jsonFiles(source, jsonEntries, options);
  const { aliases, unreadable } = directory;
  const all = [...directory.entries, ...unreadable.map(({ entry }) => entry)];
  const skipped = new Set(unreadable.map(({ entry }) => entry.path));
  const otherEntries = directory.entries.filter((entry) => !isJson(entry) && mayHaveLabels(entry.path));
  const others = jsonFiles(source, otherEntries, options);
  const reading = mergeCoco(files, all, settings, aliases, skipped, others);
  const merged = await drive(reading, signal).catch((error: unknown) => {
    const [foreign] = unreadableJson;
    const isMissing = error instanceof DatasetError && error.type === 'CocoMissing';
    throw foreign && isMissing ? foreign.refusal : error;
  });
  refuseReferred(merged, unreadable);
  const id = archiveId(all, merged.cocoFiles);
  const batches = planBatches(merged.images, directory.entries);
  const plan: Plan = {
    archiveId: id,
    datasetVersion: datasetVersion(id, settings),
    creationDate: directory.newestModified,
    batches: batches.length,
    images: merged.images.length,
    missing: [...merged.rejected],
    annotations: { found: merged.annotations.found, dropped: { ...merged.annotations.dropped } },
    findings: [...directory.findings, ...skippedEntries(unreadable), ...merged.findings].map((finding) => ({
      ...finding,
      examples: [...finding.examples],
    })),
    cocoFiles: merged.cocoFiles.map(({ path, sha256 }) => ({ path, sha256 })),
    unlisted: { count: merged.unlisted.length, examples: merged.unlisted.slice(0, MAX_UNLISTED) },
  };
  return { merged, plan, batches };
}

const isJson = ({ path }: ArchiveEntry) => path.toLowerCase().endsWith('.json');

/** All JSON files are read, since any may be COCO. */
function refuseLargeJson(entries: readonly ArchiveEntry[]): void {
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total <= MAX_ALL_JSON_BYTES) return;
  const [largest] = [...entries].sort((a, b) => b.size - a.size);
  throw new DatasetError(
    'ArchiveUnsafe',
    `The JSON files of the archive unpack to ${total} bytes; the maximum is ${MAX_ALL_JSON_BYTES}. The largest is ${largest?.path}, with ${largest?.size} bytes. Remove JSON files that are not COCO annotations, or split the dataset.`,
    { ...(largest ? { file: largest.path } : {}), count: entries.length },
  );
}

/** Entries that no COCO file refers to are skipped; one that is referred to refuses the archive. */
function refuseReferred({ images }: MergedDataset, unreadable: readonly UnreadableEntry[]): void {
  const used = new Set(images.map(({ path }) => path));
  const referred = unreadable.find(({ entry }) => used.has(entry.path));
  if (referred) throw referred.refusal;
}

function skippedEntries(unreadable: readonly UnreadableEntry[]): DatasetFinding[] {
  const finding = warning(
    'ENTRIES_SKIPPED',
    unreadable.length,
    'Files in the archive cannot be read and were skipped; no COCO file refers to them.',
    unreadable.map(({ refusal }) => refusal.message),
  );
  return finding ? [finding] : [];
}
