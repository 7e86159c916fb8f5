import pLimit from 'p-limit';
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

  /** Runs `use` with the index of an `images.jsonl`. An index whose use fails is read again the next time. */
  async with<T>(key: string, use: (index: ImageIndex) => Promise<T>): Promise<T> {
    const index = this.kept.get(key) ?? this.limit(() => ImageIndex.of(this.store, this.bucket, key));
    this.kept.delete(key);
    this.kept.set(key, index);
    for (const oldest of [...this.kept.keys()].slice(0, -KEPT)) this.kept.delete(oldest);
    try {
      return await use(await index);
    } catch (error) {
      if (this.kept.get(key) === index) this.kept.delete(key);
      throw error;
    }
  }
}
