import type { ArchiveEntry } from '../dataset/model/types.js';

/** Results of files by their content, so that a file that an archive has several times is processed once. */
export class ContentResults<Result> {
  readonly #results = new Map<string, Promise<Result>>();
  /** Checksum and size of the files that may be equal to another one. Results of all others are not kept. */
  readonly #repeated = new Set<string>();

  /** @param entries the files that may be processed */
  constructor(entries: Iterable<ArchiveEntry>) {
    const seen = new Set<string>();
    for (const entry of entries) {
      const sum = checksum(entry);
      if (seen.has(sum)) this.#repeated.add(sum);
      seen.add(sum);
    }
  }

  /** Returns the result of an earlier file with the same content, or else that of `process`. Errors are not kept. */
  async once(
    entry: ArchiveEntry,
    sha256: string,
    process: () => Promise<Result>,
  ): Promise<{ readonly result: Result; readonly isFirst: boolean }> {
    if (!this.#repeated.has(checksum(entry))) return { result: await process(), isFirst: true };
    const known = this.#results.get(sha256);
    if (known !== undefined) return { result: await known, isFirst: false };
    const first = process();
    this.#results.set(sha256, first);
    try {
      return { result: await first, isFirst: true };
    } catch (error) {
      this.#results.delete(sha256);
      throw error;
    }
  }
}

const checksum = ({ crc32, size }: ArchiveEntry) => `${crc32}/${size}`;
