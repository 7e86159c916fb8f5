import { createHash, type Hash } from 'node:crypto';
import { modelVersionName } from '../../dataset/model/identity.js';
import {
  batchResultKey,
  batchThumbnailsKey,
  curationKey,
  planBatchKey,
  planKey,
  reportFactsKey,
  type VersionFile,
  versionKey,
} from '../../dataset/model/layout.js';
import { textPieces } from '../../lib/text-lines.js';
import { convert } from '../../pipeline/convert.js';
import { batchResultSchema, planBatchSchema, planSchema } from '../../pipeline/files.js';
import { pictureFacts } from '../../pipeline/picture-facts.js';
import { joinBatch, type ProcessedRecord } from '../../pipeline/records.js';
import { ThumbnailFile } from '../../pipeline/thumbnail-file.js';
import type { Thumbnails } from '../../pipeline/thumbnails.js';
import { reportFacts } from '../../report/choose-images.js';
import type { ObjectStore } from '../../storage/object-store.js';
import { forEachConcurrently } from '../concurrency.js';
import type { HeartbeatCounts } from '../heartbeat.js';
import type { Conversion, DatasetActivities } from '../interface.js';
import { MAX_LISTED_CLASSES } from '../payload-limits.js';
import { withRefusalReport } from './refusal-report.js';

export type ConvertInput = Parameters<DatasetActivities['convertManifest']>[0];

/**
 * Curates and splits a dataset version from S3 to S3, and writes its manifests and label files.
 * @throws DatasetError if the dataset cannot be trained on; its report is written first; StorageError
 */
export async function convertVersion(
  store: ObjectStore,
  input: ConvertInput,
  report: (counts: HeartbeatCounts) => void,
): Promise<Conversion> {
  const { bucket, dataset, version, settings, manifestAccess, trainingAttempt } = input;
  const plan = await store.getJson(bucket, planKey(dataset, version), planSchema);
  const { records, pictures } = await readImages(store, input, report);
  const { groupOf, lowContrast } = pictures;
  const seen = { images: records, missing: plan.missing, groupOf, lowContrast, settings };
  const converted = await withRefusalReport(store, { bucket, dataset, version, plan, seen }, () =>
    convert({ plan, records, ...pictures, settings, bucket, dataset }),
  );
  const { curation } = converted;

  const write = async (file: VersionFile, body: string, contentType: string) => {
    await store.put(bucket, versionKey(dataset, version, file), body, { contentType });
  };
  const writeLines = async (file: VersionFile, lines: Iterable<string>) => {
    const key = versionKey(dataset, version, file);
    const hash = createHash('sha256');
    const body = hashed(textPieces(lines), hash);
    await store.putStream(bucket, key, body, { contentType: 'application/x-ndjson' });
    if (manifestAccess === 'acl' && file.endsWith('.manifest')) await store.makePublic(bucket, key);
    return hash.digest('hex');
  };
  const { train: _train, val: _val, manifests: _manifests, boxed: _boxed, ...counts } = curation;
  await store.putJson(bucket, curationKey(dataset, version), JSON.stringify(counts));
  const findings = [...curation.findings, ...plan.findings];
  const facts = reportFacts({ ...seen, boxed: curation.boxed, findings, curated: curation });
  await store.putJson(bucket, reportFactsKey(dataset, version), JSON.stringify(facts));
  await write('labels.txt', converted.labelsTxt, 'text/plain; charset=utf-8');
  await write('labels.json', converted.labelsJson, 'application/json');
  await writeLines('images.jsonl', converted.imagesJsonl);
  const val = await writeLines('val.manifest', converted.valManifest);
  const train = await writeLines('train.manifest', converted.trainManifest);
  const manifests = { train, val };
  return {
    modelVersion: modelVersionName(manifests, trainingAttempt),
    images: curation.images,
    annotations: curation.annotations,
    labels: curation.labels,
    droppedClasses: curation.droppedClasses.slice(0, MAX_LISTED_CLASSES),
    groups: curation.groups,
    manifests,
  };
}

/** Reads the images and what their thumbnails show. */
async function readImages(
  store: ObjectStore,
  input: ConvertInput,
  report: (counts: HeartbeatCounts) => void,
) {
  const thumbnails = new ThumbnailFile();
  try {
    const records = await readRecords(store, input, thumbnails, report);
    return { records, pictures: await pictureFacts(records, thumbnails) };
  } finally {
    thumbnails.close();
  }
}

async function readRecords(
  store: ObjectStore,
  { bucket, dataset, version, batches }: ConvertInput,
  thumbnails: Thumbnails,
  report: (counts: HeartbeatCounts) => void,
): Promise<ProcessedRecord[]> {
  const byBatch: ProcessedRecord[][] = [];
  let read = 0;
  await forEachConcurrently(Array.from({ length: batches }).keys(), async (index) => {
    const [batch, result, pictures] = await Promise.all([
      store.getJson(bucket, planBatchKey(dataset, version, index), planBatchSchema),
      store.getJson(bucket, batchResultKey(dataset, version, index), batchResultSchema),
      store.getBytes(bucket, batchThumbnailsKey(dataset, version, index)),
    ]);
    byBatch[index] = joinBatch(batch, { result, thumbnails: pictures }, thumbnails);
    read += 1;
    report({ batchesRead: read, of: batches });
  });
  return byBatch.flat();
}

/** The pieces of a text, which `hash` has seen when they are used. */
function* hashed(pieces: Iterable<string>, hash: Hash): Generator<string> {
  for (const piece of pieces) {
    hash.update(piece);
    yield piece;
  }
}
