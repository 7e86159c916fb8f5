import { isInside, MAX_BEYOND, MIN_BEYOND } from '../model/box-conventions.js';
import type { Size } from '../model/types.js';
import { statedBox } from './stated-box.js';

/** What the image_ids of a COCO file are: ids of its images, in any spelling, or names of their files. */
export type IdReading = 'ids' | 'names';

/** What all image_ids of a file are. */
export interface ShownReading {
  readonly reading: IdReading;
  /** Whether sizes of images show it, by boxes that do not fit otherwise. */
  readonly byBoxes: boolean;
}

/** Ids beyond this number are not compared; a broken file may have many. */
const MAX_USED = 100_000;
/** Share of the image_ids by which two readings may differ, so that deleted images explain the difference. */
const MAX_NEAR = 0.1;
/** Minimum boxes beyond their images that show that a reading is wrong. */
const MIN_BEYOND_BOXES = 3;

interface Sized {
  readonly width: number | null;
  readonly height: number | null;
}

/** The image_ids of a file that a reading gives no image, and boxes beyond the images that it gives. */
interface Failures {
  readonly unread: Set<string>;
  beyond: number;
}

/**
 * Decides what the image_ids of a COCO file are if they can be ids of some images and names of others. A file has one
 * exporter, so all of them are read in the same way.
 */
export class IdReadings {
  readonly #used = new Set<string>();
  readonly #ids: Failures = { unread: new Set(), beyond: 0 };
  readonly #names: Failures = { unread: new Set(), beyond: 0 };
  /** Boxes on images with sizes in both readings. */
  #compared = 0;
  #isRewritten = false;

  /** Adds an image_id, with the images that the readings give. `isRewritten`: the id is the same number only. */
  add(id: string, numbered: object | undefined, named: object | undefined, isRewritten: boolean): void {
    if (this.#used.size >= MAX_USED) return;
    this.#used.add(id);
    if (!numbered) this.#ids.unread.add(id);
    if (!named) this.#names.unread.add(id);
    this.#isRewritten ||= isRewritten;
  }

  /** Compares a box with the sizes of two images, one of which it belongs to. */
  addBox(bbox: unknown, numbered: Sized, named: Sized): void {
    const box = statedBox(bbox);
    if (!box || !hasSize(numbered) || !hasSize(named)) return;
    this.#compared += 1;
    if (!isInside(box, numbered)) this.#ids.beyond += 1;
    if (!isInside(box, named)) this.#names.beyond += 1;
  }

  /**
   * The reading that boxes show, else the one that gives more images. Ids that all images have are read as ids if names
   * give as many. Undefined if nothing shows which reading is right.
   */
  get right(): ShownReading | undefined {
    const moreByIds = this.#names.unread.size - this.#ids.unread.size;
    const near = MAX_NEAR * this.#used.size;
    if (moreByIds <= near && this.#isShown(this.#names, this.#ids))
      return { reading: 'names', byBoxes: true };
    if (moreByIds >= -near && this.#isShown(this.#ids, this.#names)) return { reading: 'ids', byBoxes: true };
    const reading = this.#byCount(moreByIds, near);
    return reading && { reading, byBoxes: false };
  }

  /** Whether all image_ids are read as ids, so that each of them is already read in this way. */
  get areAllIds(): boolean {
    return this.right?.reading === 'ids' && this.#ids.unread.size === 0;
  }

  #byCount(moreByIds: number, near: number): IdReading | undefined {
    if (moreByIds > 0) return 'ids';
    // Leading zeros that only the names have are a sign of names.
    if (this.#isRewritten) return moreByIds < 0 ? 'names' : undefined;
    if (moreByIds === 0) return 'ids';
    return -moreByIds > near ? 'names' : undefined;
  }

  #isShown(right: Failures, wrong: Failures): boolean {
    return (
      wrong.beyond >= Math.max(MIN_BEYOND_BOXES, MIN_BEYOND * this.#compared) &&
      right.beyond <= MAX_BEYOND * this.#compared
    );
  }
}

const hasSize = (image: Sized): image is Size => image.width !== null && image.height !== null;
