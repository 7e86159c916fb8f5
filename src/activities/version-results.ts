import { batchResultKey, batchThumbnailsKey, runPrefix } from '../dataset/model/layout.js';
import { THUMBNAIL_BYTES } from '../dataset/model/thumbnail.js';
import type { BatchResult } from '../dataset/model/types.js';
import { batchResultSchema } from '../pipeline/files.js';
import type { ObjectStore } from '../storage/object-store.js';
import { findIntact } from './find-intact.js';
import type { VersionRef } from './interface.js';

/** The results of preprocessing a batch. */
export interface StoredBatch {
  readonly result: BatchResult;
  /** In the order of `result.images`. */
  readonly thumbnails: Buffer;
  /** When the result was written. */
  readonly written: Date;
}

/** The files of a dataset version under `.run/<version>/`. */
export class VersionResults {
  private constructor(
    private readonly store: ObjectStore,
    private readonly ref: VersionRef,
    private readonly written: ReadonlyMap<string, Date>,
    private readonly signal: AbortSignal,
  ) {}

  /** Lists the files of a version. */
  static async list(store: ObjectStore, ref: VersionRef, signal: AbortSignal): Promise<VersionResults> {
    const written = new Map<string, Date>();
    const objects = store.list(ref.bucket, runPrefix(ref.dataset, ref.version), { signal });
    for await (const { key, modified } of objects) written.set(key, modified);
    return new VersionResults(store, ref, written, signal);
  }

  /** Whether the version has this file. */
  has(key: string): boolean {
    return this.written.has(key);
  }

  /** Whether any of the batches has results. */
  hasResults(batches: number): boolean {
    const { dataset, version } = this.ref;
    return Array.from({ length: batches }).some((_, index) =>
      this.has(batchResultKey(dataset, version, index)),
    );
  }

  /** Reads the results of a batch; undefined if they are missing, damaged or without images. */
  async read(index: number): Promise<StoredBatch | undefined> {
    const { store, signal } = this;
    const { bucket, dataset, version } = this.ref;
    const key = batchResultKey(dataset, version, index);
    const written = this.written.get(key);
    if (!written) return undefined;
    const result = await findIntact(store, bucket, key, batchResultSchema, signal);
    if (!result || result.images.length === 0) return undefined;
    const thumbnails = await store.findBytes(bucket, batchThumbnailsKey(dataset, version, index), { signal });
    const isComplete = thumbnails?.length === result.images.length * THUMBNAIL_BYTES;
    return thumbnails && isComplete ? { result, thumbnails, written } : undefined;
  }
}
