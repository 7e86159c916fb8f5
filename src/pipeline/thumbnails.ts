import { THUMBNAIL_BYTES } from '../dataset/model/thumbnail.js';

/** Keeps the thumbnails of images until copies are found. */
export interface Thumbnails {
  /** Adds thumbnails that lie one after another. Returns the number of the first; the others have the numbers after it. */
  add(thumbnails: Uint8Array): number;
  /** Returns the thumbnail with this number, 64x64 luma means of one byte each. It must not be changed. */
  get(number: number): Uint8Array;
}

/** Keeps thumbnails in memory, 4 kB per image. */
export class MemoryThumbnails implements Thumbnails {
  readonly #thumbnails: Uint8Array[] = [];

  add(thumbnails: Uint8Array): number {
    const first = this.#thumbnails.length;
    for (let start = 0; start < thumbnails.length; start += THUMBNAIL_BYTES) {
      this.#thumbnails.push(thumbnails.subarray(start, start + THUMBNAIL_BYTES));
    }
    return first;
  }

  get(number: number): Uint8Array {
    const found = this.#thumbnails[number];
    if (!found) throw new RangeError(`There is no thumbnail with the number ${number}.`);
    return found;
  }
}
