import { planBatchKey, planKey } from '../dataset/model/layout.js';
import type { ArchiveEntry, PlanBatch, PlannedImage } from '../dataset/model/types.js';
import { groupBy } from '../lib/group-by.js';
import { planBatchSchema, planSchema } from '../pipeline/files.js';
import { type EarlierResult, thumbnailAt } from '../pipeline/reusable.js';
import type { ObjectStore } from '../storage/object-store.js';
import { forEachConcurrently } from './concurrency.js';
import { findIntact } from './find-intact.js';
import type { VersionRef } from './interface.js';
import { type StoredBatch, VersionResults } from './version-results.js';

/** Batches whose results are held in memory, with up to 0.5 MB of thumbnails each. */
const MAX_HELD = 64;

type ResultsByPath = ReadonlyMap<string, EarlierResult>;

interface Located {
  readonly batch: number;
  readonly path: string;
  readonly content: string;
}

/** A preprocessed dataset version whose results may hold for the images of another version. */
export class EarlierVersion {
  readonly #held = new Map<number, Promise<ResultsByPath>>();

  private constructor(
    readonly archiveId: string,
    private readonly results: VersionResults,
    private readonly locations: ReadonlyMap<string, readonly Located[]>,
  ) {}

  /** Reads the plan of a version; returns undefined if it was deleted. */
  static async find(
    store: ObjectStore,
    ref: VersionRef,
    signal: AbortSignal,
  ): Promise<EarlierVersion | undefined> {
    const { bucket, dataset, version } = ref;
    const plan = await findIntact(store, bucket, planKey(dataset, version), planSchema, signal);
    if (!plan) return undefined;
    const located: Located[] = [];
    await forEachConcurrently(Array.from({ length: plan.batches }).keys(), async (batch) => {
      const key = planBatchKey(dataset, version, batch);
      const planned = await findIntact(store, bucket, key, planBatchSchema, signal);
      for (const { entry } of planned?.images ?? []) {
        located.push({ batch, path: entry.path, content: contentOf(entry) });
      }
    });
    const results = await VersionResults.list(store, ref, signal);
    return new EarlierVersion(
      plan.archiveId,
      results,
      groupBy(located, ({ content }) => content),
    );
  }

  /**
   * Returns the results of files that may have the bytes of the batch's images. Checksum and size only find such files;
   * the bytes must be compared.
   */
  async resultsFor(batch: PlanBatch): Promise<(image: PlannedImage) => EarlierResult | undefined> {
    const found = new Map<string, EarlierResult>();
    for (const { entry } of batch.images) {
      const candidates = this.locations.get(contentOf(entry)) ?? [];
      const candidate = candidates.find(({ path }) => path === entry.path) ?? candidates[0];
      const result = candidate && (await this.#resultsOf(candidate.batch)).get(candidate.path);
      if (result) found.set(entry.path, result);
    }
    return ({ entry }) => found.get(entry.path);
  }

  /** Archives are mostly in the same order, so the batches that were read last are read again. */
  async #resultsOf(batch: number): Promise<ResultsByPath> {
    const held = this.#held.get(batch) ?? this.results.read(batch).then(resultsByPath);
    this.#held.delete(batch);
    this.#held.set(batch, held);
    const [oldest] = this.#held.keys();
    if (this.#held.size > MAX_HELD && oldest !== undefined) this.#held.delete(oldest);
    return await held;
  }
}

/** The results of a batch by the path of the file. */
export function resultsByPath(stored: StoredBatch | undefined): ResultsByPath {
  if (!stored) return new Map();
  const { result, thumbnails, written } = stored;
  return new Map(
    result.images.map((image, index) => [
      image.path,
      { result: image, thumbnail: thumbnailAt(thumbnails, index), written },
    ]),
  );
}

const contentOf = ({ crc32, size }: ArchiveEntry) => `${crc32}-${size}`;
