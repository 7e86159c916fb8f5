import { type Bbox, isInside, MAX_BEYOND, MIN_BEYOND } from '../model/box-conventions.js';
import type { Size, SourceBox } from '../model/types.js';
import type { Categories } from './categories.js';
import type { DraftImage } from './image-records.js';

/** Ids of one kind that annotations use and that belong to other records of their COCO file if one is added. */
export interface IdShift {
  /** What has to be added to the ids of annotations. */
  readonly by: 1 | -1;
  /** The lowest and the highest id that annotations use, and that records have. */
  readonly used: readonly [number, number];
  readonly defined: readonly [number, number];
  /** Boxes that reach beyond their image with the ids as they are, and fit it with shifted ids; 0 if unknown. */
  readonly beyond: number;
  /** Whether nothing else explains the ids. Otherwise records may be missing on one side, and unused on the other. */
  readonly isCertain: boolean;
}

/** Shifts of the ids of a COCO file. */
export interface IdShifts {
  readonly images: IdShift | undefined;
  readonly categories: IdShift | undefined;
}

/** Fewer images may have such ids by chance. */
const MIN_IMAGES = 10;
/**
 * Share of images that have annotations with shifted ids, from which a shift is certain, and likely. With fewer, the
 * images without annotations may lie at the end of the ids by chance.
 */
const CERTAIN_SHARE = 0.9;
const LIKELY_SHARE = 0.5;
/** Minimum boxes beyond their images that show a shift. */
const MIN_BEYOND_BOXES = 3;

const SHIFTS = [1, -1] as const;

/** Compares the ids of annotations with those of images and categories, while the annotations are read. */
export class IdShiftWatch {
  readonly #imageIds: UsedIds;
  readonly #categoryIds: UsedIds;
  /** By shift, the boxes whose own image and shifted image have a size, and those that reach beyond either. */
  readonly #sizes = new Map<string | undefined, Sizes>();
  readonly #boxes = SHIFTS.map((by) => ({ by, measured: 0, beyondOwn: 0, beyondShifted: 0 }));

  constructor(
    private readonly images: ReadonlyMap<string, DraftImage>,
    private readonly categories: Categories,
  ) {
    this.#imageIds = new UsedIds(new Set(images.keys()));
    this.#categoryIds = new UsedIds(new Set(categories.ids));
  }

  /** @param categoryId undefined if the annotation has no image, so that its category does not matter */
  add(imageId: string | undefined, categoryId: string | undefined): void {
    this.#imageIds.add(imageId);
    if (categoryId !== undefined) this.#categoryIds.add(categoryId);
  }

  addBox(imageId: string | undefined, { x, y, width, height }: SourceBox): void {
    const { own, shifted } = this.#sizesAt(imageId);
    if (!own) return;
    const bbox: Bbox = [x, y, width, height];
    const isBeyondOwn = !isInside(bbox, own);
    for (const [i, counts] of this.#boxes.entries()) {
      const size = shifted[i];
      if (!size) continue;
      counts.measured += 1;
      if (isBeyondOwn) counts.beyondOwn += 1;
      if (!isInside(bbox, size)) counts.beyondShifted += 1;
    }
  }

  /** The stated size of an image, and those of the images with shifted ids. Kept per image, which may have many boxes. */
  #sizesAt(imageId: string | undefined): Sizes {
    const known = this.#sizes.get(imageId);
    if (known) return known;
    const id = numberOf(imageId);
    const at = (number: number) => sizeOf(this.images.get(String(number)));
    const sizes: Sizes =
      id === undefined
        ? { own: undefined, shifted: [] }
        : { own: at(id), shifted: SHIFTS.map((by) => at(id + by)) };
    this.#sizes.set(imageId, sizes);
    return sizes;
  }

  get shifts(): IdShifts {
    return { images: this.#imageShift(), categories: this.#categoryShift() };
  }

  #imageShift(): IdShift | undefined {
    const ids = this.#imageIds;
    if (this.images.size < MIN_IMAGES) return undefined;
    const share = ids.count / this.images.size;
    const found = SHIFTS.filter((by) => ids.areDefined(by)).map((by): IdShift | undefined => {
      const beyond = this.#beyondWithout(by);
      const isLikely = ids.hasUnknown && share >= LIKELY_SHARE;
      if (!isLikely && beyond === 0) return undefined;
      const isCertain = ids.hasUnknown && (share >= CERTAIN_SHARE || beyond > 0);
      return { by, beyond, isCertain, ...ids.ranges };
    });
    return onlyOne(found);
  }

  /** Boxes beyond their images with the ids as they are, if they fit with shifted ids; else 0. */
  #beyondWithout(shift: 1 | -1): number {
    const counts = this.#boxes.find(({ by }) => by === shift);
    if (!counts) return 0;
    const { measured, beyondOwn, beyondShifted } = counts;
    const shows =
      beyondOwn >= Math.max(MIN_BEYOND_BOXES, MIN_BEYOND * measured) &&
      beyondShifted <= MAX_BEYOND * measured;
    return shows ? beyondOwn : 0;
  }

  #categoryShift(): IdShift | undefined {
    const ids = this.#categoryIds;
    const classes = this.categories.classIds;
    const found = SHIFTS.filter((by) => ids.areDefined(by)).map((by): IdShift | undefined => {
      const isEachUsed = ids.count === classes.length && classes.every((id) => ids.isUsed(id, by));
      // A super-category or the background is used in place of a class if each class follows from the shift.
      const isLikely = ids.hasUnknown
        ? ids.count >= LIKELY_SHARE * classes.length
        : isEachUsed && classes.length > 1 && !ids.areUsed(classes);
      if (!isLikely) return undefined;
      return { by, beyond: 0, isCertain: ids.hasUnknown && isEachUsed, ...ids.ranges };
    });
    return onlyOne(found);
  }
}

interface Sizes {
  readonly own: Size | undefined;
  /** In the order of `SHIFTS`. */
  readonly shifted: readonly (Size | undefined)[];
}

function sizeOf(image: Pick<DraftImage, 'width' | 'height'> | undefined): Size | undefined {
  if (!image || image.width === null || image.height === null) return undefined;
  return { width: image.width, height: image.height };
}

function onlyOne(shifts: readonly (IdShift | undefined)[]): IdShift | undefined {
  const [only, ...others] = shifts.filter((shift) => shift !== undefined);
  return others.length === 0 ? only : undefined;
}

/** The ids that annotations use, with those that are defined. */
class UsedIds {
  readonly #known = new Set<string>();
  /** Shifts with which all ids so far are defined. Unknown ids are not kept, since a file may have many. */
  readonly #possible = new Set<number>(SHIFTS);
  #unknown = new Set<string>();
  #lowest = Number.POSITIVE_INFINITY;
  #highest = Number.NEGATIVE_INFINITY;

  constructor(private readonly defined: ReadonlySet<string>) {}

  add(id: string | undefined): void {
    if (id === undefined || this.#known.has(id) || this.#unknown.has(id)) return;
    const number = numberOf(id);
    if (number === undefined) {
      this.#possible.clear();
      return;
    }
    this.#lowest = Math.min(this.#lowest, number);
    this.#highest = Math.max(this.#highest, number);
    for (const by of SHIFTS) if (!this.defined.has(String(number + by))) this.#possible.delete(by);
    if (this.defined.has(id)) this.#known.add(id);
    else if (this.#possible.size > 0) this.#unknown.add(id);
    else this.#unknown.clear();
  }

  /** Number of different ids. */
  get count(): number {
    return this.#known.size + this.#unknown.size;
  }

  get hasUnknown(): boolean {
    return this.#unknown.size > 0;
  }

  /** Whether all ids belong to records with this shift. */
  areDefined(by: 1 | -1): boolean {
    return this.count > 0 && this.#possible.has(by);
  }

  /** Whether annotations use the id of a record with this shift. */
  isUsed(definedId: string, by: 1 | -1): boolean {
    const id = String(Number(definedId) - by);
    return this.#known.has(id) || this.#unknown.has(id);
  }

  /** Whether annotations use only these ids. */
  areUsed(ids: readonly string[]): boolean {
    const allowed = new Set(ids);
    return [...this.#known].every((id) => allowed.has(id));
  }

  get ranges(): Pick<IdShift, 'used' | 'defined'> {
    const numbers = [...this.defined].map(Number);
    const [lowest, highest] = numbers.reduce(
      ([least, most], number) => [Math.min(least, number), Math.max(most, number)],
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    );
    return { used: [this.#lowest, this.#highest], defined: [lowest ?? 0, highest ?? 0] };
  }
}

/** The id as a number if it is a whole number that can be shifted exactly. */
function numberOf(id: string | undefined): number | undefined {
  return id !== undefined && /^(?:0|-?[1-9]\d{0,14})$/.test(id) ? Number(id) : undefined;
}
