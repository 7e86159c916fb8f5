import { s3Source } from '../../archive/source.js';
import type { Upload } from '../../contracts/workflow-io.js';
import { rawKey } from '../../dataset/model/layout.js';
import type { DatasetSettings } from '../../dataset/model/settings.js';
import type { PlanBatch } from '../../dataset/model/types.js';
import { type BatchSink, type ProcessedBatch, processBatch } from '../../pipeline/process-batch.js';
import type { Reusable } from '../../pipeline/reusable.js';
import { StorageError } from '../../storage/errors.js';
import type { ObjectStore } from '../../storage/object-store.js';

/** A batch of images of an archive in S3. */
export interface BatchJob {
  readonly bucket: string;
  readonly dataset: string;
  readonly upload: Upload;
  readonly settings: DatasetSettings;
  readonly batch: PlanBatch;
  /** Earlier results of images of the batch. */
  readonly reusable: Reusable;
}

/**
 * Preprocesses a batch from S3 to S3: originals and preprocessed images.
 * @param onImage is called after each image
 * @throws StorageError, or the reason of `signal`
 */
export async function storeBatch(
  store: ObjectStore,
  { bucket, dataset, upload, settings, batch, reusable }: BatchJob,
  onImage: () => void,
  signal?: AbortSignal,
): Promise<ProcessedBatch> {
  return await processBatch({
    source: s3Source(store, upload),
    ...{ batch, dataset, settings, reusable },
    sink: storeSink(store, bucket, dataset, signal),
    ...(signal ? { signal } : {}),
    onImage,
  });
}

function storeSink(
  store: ObjectStore,
  bucket: string,
  dataset: string,
  signal: AbortSignal | undefined,
): BatchSink {
  const abortable = signal ? { signal } : {};
  return {
    async raw(path, bytes, sha256) {
      await store.put(bucket, rawKey(dataset, path), bytes, { sha256, ...abortable });
    },
    async preprocessed(key, { body, contentType }) {
      const written = await store.put(bucket, key, body, { contentType, ifNoneMatch: true, ...abortable });
      if (written === 'written') return;
      const existing = await store.head(bucket, key, abortable);
      if (existing?.bytes !== body.length) await store.put(bucket, key, body, { contentType, ...abortable });
    },
    async copied(from, to) {
      try {
        await store.copy(bucket, from, to, abortable);
        return true;
      } catch (error) {
        if (error instanceof StorageError && error.kind === 'missing') return false;
        throw error;
      }
    },
  };
}
