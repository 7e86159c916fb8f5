import { modelVersionName } from '../dataset/model/identity.js';
import {
  batchResultKey,
  batchThumbnailsKey,
  curationKey,
  planBatchKey,
  planKey,
  reportFactsKey,
  type VersionFile,
  versionKey,
} from '../dataset/model/layout.js';
import { convert, groupCopies, lowContrastPaths, type ProcessedRecord, sha256 } from '../pipeline/convert.js';
import { batchResultSchema, planBatchSchema, planSchema } from '../pipeline/files.js';
import { joinBatch } from '../pipeline/process-batch.js';
import { reportFacts } from '../report/choose-images.js';
import type { ObjectStore } from '../storage/object-store.js';
import { stopSignal } from './boundary.js';
import { forEachConcurrently } from './concurrency.js';
import type { ActivityDeps } from './deps.js';
import type { DatasetActivities } from './interface.js';
import { whileCountingLostWorkers } from './lost-workers.js';
import { MAX_LISTED_CLASSES } from './payload-limits.js';
import { withRefusalReport } from './refusal-report.js';

export function createConvertManifest({
  store,
  shutdown,
}: ActivityDeps): DatasetActivities['convertManifest'] {
  return async ({ bucket, dataset, version, batches, settings, manifestAccess, trainingAttempt }) =>
    await whileCountingLostWorkers(async () => {
      const signal = stopSignal(shutdown);
      const plan = await store.getJson(bucket, planKey(dataset, version), planSchema, { signal });
      const records = await readRecords(store, { bucket, dataset, version, batches, signal });
      const groupOf = await groupCopies(records);
      const lowContrast = lowContrastPaths(records);
      const seen = { images: records, missing: plan.missing, groupOf, lowContrast, settings };
      const run = { bucket, dataset, version, plan, seen, signal };
      const converted = await withRefusalReport(store, run, () =>
        convert({ plan, records, groupOf, lowContrast, settings, bucket, dataset }),
      );
      const { curation, trainManifest, valManifest } = converted;

      const write = async (file: VersionFile, body: string, contentType: string) => {
        const key = versionKey(dataset, version, file);
        await store.put(bucket, key, body, { contentType, signal });
        if (manifestAccess === 'acl' && file.endsWith('.manifest')) await store.makePublic(bucket, key);
      };
      const { train: _train, val: _val, boxed: _boxed, ...counts } = curation;
      await store.putJson(bucket, curationKey(dataset, version), JSON.stringify(counts), { signal });
      const facts = reportFacts({ ...seen, boxed: curation.boxed, curated: curation });
      await store.putJson(bucket, reportFactsKey(dataset, version), JSON.stringify(facts), { signal });
      await write('labels.txt', converted.labelsTxt, 'text/plain; charset=utf-8');
      await write('labels.json', converted.labelsJson, 'application/json');
      await write('images.jsonl', converted.imagesJsonl, 'application/x-ndjson');
      await write('val.manifest', valManifest, 'application/x-ndjson');
      await write('train.manifest', trainManifest, 'application/x-ndjson');
      const manifests = { train: sha256(trainManifest), val: sha256(valManifest) };
      return {
        modelVersion: modelVersionName(manifests, trainingAttempt),
        images: curation.images,
        annotations: curation.annotations,
        labels: curation.labels,
        droppedClasses: curation.droppedClasses.slice(0, MAX_LISTED_CLASSES),
        groups: curation.groups,
        manifests,
      };
    });
}

async function readRecords(
  store: ObjectStore,
  run: { bucket: string; dataset: string; version: string; batches: number; signal: AbortSignal },
): Promise<ProcessedRecord[]> {
  const { bucket, dataset, version, signal } = run;
  const byBatch: ProcessedRecord[][] = [];
  await forEachConcurrently(Array.from({ length: run.batches }).keys(), async (index) => {
    const [batch, result, thumbnails] = await Promise.all([
      store.getJson(bucket, planBatchKey(dataset, version, index), planBatchSchema, { signal }),
      store.getJson(bucket, batchResultKey(dataset, version, index), batchResultSchema, { signal }),
      store.getBytes(bucket, batchThumbnailsKey(dataset, version, index), { signal }),
    ]);
    byBatch[index] = joinBatch(batch, { result, thumbnails });
  });
  return byBatch.flat();
}
