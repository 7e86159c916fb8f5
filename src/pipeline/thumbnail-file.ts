import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { THUMBNAIL_BYTES } from '../dataset/model/thumbnail.js';
import { sentence } from '../lib/error-message.js';
import { temporaryFile } from '../lib/temporary-file.js';
import { UsageError } from '../lib/usage-error.js';
import type { Thumbnails } from './thumbnails.js';

/** Thumbnails that are kept in memory, 64 MB, so that the search for copies among fewer images reads each one once. */
const KEPT = 16_384;

/** Why the file cannot be written, and what to do besides choosing another folder. */
const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full. Free space there, or set',
  EDQUOT: 'the disk quota is used up. Free space there, or set',
  EACCES: 'the folder denies access. Change its permissions, or set',
  ENOENT: 'the folder does not exist. Create it, or set',
  EROFS: 'its file system is read-only. Set',
};

/**
 * Keeps thumbnails in a temporary file, 4 kB per image, so that the memory of a large dataset does not depend on them. The
 * system deletes the file when it is closed or the process ends, however that happens.
 */
export class ThumbnailFile implements Thumbnails {
  readonly #file: number;
  readonly #folder: string;
  #size = 0;
  #isClosed = false;
  /** Thumbnails that were read last. The place of each is the remainder of its number, and `#numbers` says whose it has. */
  readonly #kept = Array.from<Uint8Array | undefined>({ length: KEPT });
  readonly #numbers = new Int32Array(KEPT).fill(-1);

  /** @throws UsageError if the temporary file cannot be created */
  constructor() {
    const { path, remove } = temporaryFile('.thumbnails');
    this.#folder = dirname(path);
    this.#file = this.#explained(() => openSync(path, 'wx+', 0o600));
    // An open file needs no name. Without one it vanishes with the process, even if that is killed.
    remove();
  }

  /** @throws UsageError if the disk is full; Error if the file is closed */
  add(thumbnails: Uint8Array): number {
    // The system may have given the number of a closed file to another one.
    if (this.#isClosed) throw new Error('The file of thumbnails is closed.');
    const first = this.#size;
    const start = first * THUMBNAIL_BYTES;
    for (let written = 0; written < thumbnails.length; ) {
      written += this.#explained(() =>
        writeSync(this.#file, thumbnails, written, thumbnails.length - written, start + written),
      );
    }
    this.#size += thumbnails.length / THUMBNAIL_BYTES;
    return first;
  }

  get(number: number): Uint8Array {
    const place = number % KEPT;
    const kept = this.#kept[place];
    if (kept && this.#numbers[place] === number) return kept;
    const read = this.#read(number);
    this.#kept[place] = read;
    this.#numbers[place] = number;
    return read;
  }

  /** Deletes the thumbnails. */
  close(): void {
    this.#isClosed = true;
    this.#kept.fill(undefined);
    closeSync(this.#file);
  }

  #read(number: number): Uint8Array {
    if (this.#isClosed || number >= this.#size) {
      throw new RangeError(`There is no thumbnail with the number ${number}.`);
    }
    // Bytes of its own, so that a thumbnail that a caller still has is not overwritten.
    const bytes = new Uint8Array(THUMBNAIL_BYTES);
    const read = readSync(this.#file, bytes, 0, bytes.length, number * THUMBNAIL_BYTES);
    if (read < bytes.length)
      throw new Error(`The temporary file of thumbnails in ${this.#folder} was cut off.`);
    return bytes;
  }

  #explained<T>(write: () => T): T {
    try {
      return write();
    } catch (error) {
      const { code = '', message } = error as NodeJS.ErrnoException;
      const reason = REASONS[code] ?? `${sentence(message)} Set`;
      throw new UsageError(
        `The thumbnails of the images, 4 kB each, cannot be written to ${this.#folder}: ${reason} TMPDIR to another folder.`,
      );
    }
  }
}
