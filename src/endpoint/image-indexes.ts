import pLimit from 'p-limit';
import { StorageError } from '../storage/errors.js';
import type { ObjectStore } from '../storage/object-store.js';
import { ImageIndex } from './image-index.js';

/** Kept indexes: the files of a version never change, and a gallery requests page after page of the same one. */
const KEPT = 4;

/** The indexes of the versions that were shown last. One file is read at a time, so that many requests cost bounded memory. */
export class ImageIndexes {
  private readonly kept = new Map<string, Promise<ImageIndex>>();
  private readonly limit = pLimit(1);

  constructor(
    private readonly store: ObjectStore,
    private readonly bucket: string,
  ) {}

  /**
   * Runs `use` with the index of an `images.jsonl`. If that fails with an index from before, the file may have been replaced
   * since, so it is read again.
   */
  async with<T>(key: string, use: (index: ImageIndex) => Promise<T>): Promise<T> {
    const wasKept = this.kept.has(key);
    try {
      return await this.once(key, use);
    } catch (error) {
      if (!wasKept || !isReplaced(error)) throw error;
      return await this.once(key, use);
    }
  }

  /** Runs `use` with the kept index or a new one, which is not kept if that fails. */
  private async once<T>(key: string, use: (index: ImageIndex) => Promise<T>): Promise<T> {
    const index = this.kept.get(key) ?? this.limit(() => ImageIndex.of(this.store, this.bucket, key));
    this.kept.delete(key);
    this.kept.set(key, index);
    for (const oldest of [...this.kept.keys()].slice(0, -KEPT)) this.kept.delete(oldest);
    try {
      const read = await index;
      // Using an empty index reads nothing, so it would not show that the file was replaced.
      if (read.isEmpty) this.kept.delete(key);
      return await use(read);
    } catch (error) {
      if (this.kept.get(key) === index) this.kept.delete(key);
      throw error;
    }
  }
}

/** Whether the file is no longer the one whose lines the index has. */
const isReplaced = (error: unknown) => error instanceof StorageError && error.kind === 'changed';
