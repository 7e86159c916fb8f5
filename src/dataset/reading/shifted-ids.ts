import { plural } from '../../lib/plural.js';
import type { SourceBox } from '../model/types.js';
import type { Categories } from './categories.js';
import { CategoryParts } from './category-parts.js';
import { type IdRange, ImageFits, type Misfit, SHIFTS, STARTS } from './image-fits.js';
import type { DraftImage } from './image-records.js';
import { byPlainId, plainId } from './plain-ids.js';
import { RestartWatch } from './restarted-ids.js';
import { UsedIds } from './used-ids.js';

/** A reason to think that the ids in annotations do not mean the records that have them. */
export interface IdDoubt {
  readonly kind: 'images' | 'categories';
  /** Continues the path of the COCO file. */
  readonly what: string;
  /** Starts with a verb. */
  readonly advice: string;
  /** Whether nothing else explains the ids. Otherwise records may be missing on one side, and unused on the other. */
  readonly isCertain: boolean;
}

/** Fewer images may have such ids by chance. */
const MIN_IMAGES = 10;
/**
 * Share of images that have annotations with shifted ids, from which a shift is certain, and likely. With fewer, the
 * images without annotations may lie at the end of the ids by chance.
 */
const CERTAIN_SHARE = 0.9;
const LIKELY_SHARE = 0.5;

const JOIN_AGAIN = 'zip the two joined exports in two folders';
const sameStart = (records: string) =>
  `number ${records} and annotations from the same start and export again`;

/** Compares the ids of annotations with those of images and categories, while the annotations are read. */
export class IdShiftWatch {
  readonly #imageIds: UsedIds;
  readonly #categoryIds: UsedIds;
  readonly #fits: ImageFits;
  readonly #parts: CategoryParts;
  readonly #restart: RestartWatch;
  readonly #classIds: readonly string[];
  /** Ids are compared as numbers, unless two records have the same number. */
  readonly #plainImage: (id: string) => string;
  readonly #plainCategory: (id: string) => string;

  constructor(
    private readonly images: ReadonlyMap<string, DraftImage>,
    categories: Categories,
  ) {
    const imagesById = byPlainId(images);
    const categoryIds = byPlainId(new Map(categories.ids.map((id) => [id, id])));
    this.#plainImage = imagesById ? plainId : asWritten;
    this.#plainCategory = categoryIds ? plainId : asWritten;
    this.#classIds = categories.classIds.map(this.#plainCategory);
    const defined = new Set(categoryIds?.keys() ?? categories.ids);
    this.#imageIds = new UsedIds(new Set((imagesById ?? images).keys()));
    this.#categoryIds = new UsedIds(defined);
    this.#fits = new ImageFits(imagesById ?? images);
    this.#parts = new CategoryParts(this.#classIds, defined);
    this.#restart = new RestartWatch(imagesById ?? images);
  }

  /** @param categoryId undefined if the annotation has no image, so that its category does not matter */
  add(imageId: string | undefined, categoryId: string | undefined): void {
    const image = imageId && this.#plainImage(imageId);
    const category = categoryId && this.#plainCategory(categoryId);
    this.#imageIds.add(image);
    this.#restart.add(image, category);
    if (category === undefined) return;
    this.#categoryIds.add(category);
    this.#parts.add(image, category);
  }

  addBox(imageId: string | undefined, box: SourceBox): void {
    this.#fits.add(imageId && this.#plainImage(imageId), box);
  }

  /** What is doubtful about the ids, that of images first. */
  get doubts(): IdDoubt[] {
    const images = this.#imageShift() ?? this.#positions() ?? this.#restarted();
    return [images, this.#categoryShift() ?? this.#categoryPositions() ?? this.#categoryPart()].filter(
      (doubt) => doubt !== undefined,
    );
  }

  #imageShift(): IdDoubt | undefined {
    const ids = this.#imageIds;
    if (this.images.size < MIN_IMAGES) return undefined;
    const share = ids.count / this.images.size;
    const found = SHIFTS.map((by): IdDoubt | undefined => {
      const misfit = this.#fits.shifted(by);
      if (misfit?.part) return partDoubt(misfit.boxes, misfit.part);
      if (!ids.areDefined(by)) return undefined;
      const isLikely = ids.hasUnknown && share >= LIKELY_SHARE;
      if (!isLikely && !misfit) return undefined;
      const isCertain = ids.hasUnknown && (share >= CERTAIN_SHARE || misfit !== undefined);
      return shiftDoubt('images', ids, isCertain, misfit);
    });
    return onlyOne(found);
  }

  /** Image_ids that are positions in the list of images. */
  #positions(): IdDoubt | undefined {
    const ids = this.#imageIds;
    const { size } = this.images;
    if (size < MIN_IMAGES) return undefined;
    const found = STARTS.map((start): IdDoubt | undefined => {
      if (!ids.arePositions(start, size)) return undefined;
      const boxes = this.#fits.positioned(start);
      const isCertain = ids.hasUnknown && ids.count >= CERTAIN_SHARE * size;
      if (boxes === 0 && !isCertain) return undefined;
      const { used, defined } = ids.ranges;
      const shown =
        boxes > 0
          ? `${plural(boxes, 'box')} reach beyond the images with these ids and fit those at these positions`
          : `they go from ${used.join(' to ')} for ${size} images, whose ids go from ${defined.join(' to ')}`;
      return {
        kind: 'images',
        what: `image_ids of annotations seem to count the list of images from ${start}: ${shown}`,
        advice: 'write the id of its image into each annotation and export again',
        isCertain,
      };
    });
    return onlyOne(found);
  }

  #restarted(): IdDoubt | undefined {
    const restart = this.images.size < MIN_IMAGES ? undefined : this.#restart.found;
    if (!restart) return undefined;
    const { index, id, unannotated } = restart;
    return {
      kind: 'images',
      what: `the image_ids of annotations start again from ${id} at annotations[${index}], and the last ${unannotated} images have no annotations`,
      advice: JOIN_AGAIN,
      isCertain: false,
    };
  }

  #categoryShift(): IdDoubt | undefined {
    const ids = this.#categoryIds;
    const classes = this.#classIds;
    const found = SHIFTS.filter((by) => ids.areDefined(by)).map((by): IdDoubt | undefined => {
      const isEachUsed = ids.count === classes.length && classes.every((id) => ids.isUsed(id, by));
      // A super-category or the background is used in place of a class if each class follows from the shift.
      const isLikely = ids.hasUnknown
        ? ids.count >= LIKELY_SHARE * classes.length
        : isEachUsed && classes.length > 1 && !ids.areUsed(classes);
      if (!isLikely) return undefined;
      return shiftDoubt('categories', ids, ids.hasUnknown && isEachUsed);
    });
    return onlyOne(found);
  }

  /** Category_ids that are positions in the list of categories, as of tools that number classes without gaps. */
  #categoryPositions(): IdDoubt | undefined {
    const ids = this.#categoryIds;
    if (!ids.hasUnknown) return undefined;
    const classes = this.#classIds.length;
    const found = STARTS.map((start): IdDoubt | undefined => {
      if (!ids.arePositions(start, ids.size)) return undefined;
      // A few unknown ids beside unused positions are rather those of categories that were removed.
      const isEachUsed = ids.count >= classes;
      const isLikely = isEachUsed || (ids.areMostUnknown && ids.count >= LIKELY_SHARE * classes);
      if (!isLikely) return undefined;
      const { used, defined } = ids.ranges;
      return {
        kind: 'categories',
        what: `category_ids of annotations seem to count the list of categories from ${start}: they go from ${used.join(' to ')} for a list of ${ids.size}, whose ids go from ${defined.join(' to ')}`,
        advice: 'write the id of its category into each annotation and export again',
        isCertain: isEachUsed && ids.areMostUnknown,
      };
    });
    return onlyOne(found);
  }

  #categoryPart(): IdDoubt | undefined {
    const part = this.#parts.shifted;
    if (!part) return undefined;
    const { used, others, images } = part;
    return {
      kind: 'categories',
      what: `category_ids seem to be shifted by one in a part of the file: annotations with an image_id from about ${images.join(' to ')} have a category_id from ${used.join(' to ')}, the others from ${others.join(' to ')}`,
      advice: JOIN_AGAIN,
      isCertain: part.isCertain,
    };
  }
}

const asWritten = (id: string) => id;

function shiftDoubt(kind: IdDoubt['kind'], ids: UsedIds, isCertain: boolean, misfit?: Misfit): IdDoubt {
  const [member, harm] =
    kind === 'images'
      ? ['an image_id', 'boxes would be on the wrong images']
      : ['a category_id', 'boxes would have the wrong class'];
  const { used, defined } = ids.ranges;
  const boxes = misfit
    ? `, and ${misfit.boxes} boxes reach beyond their images and fit with shifted ids`
    : `, so ${harm}`;
  return {
    kind,
    what: `the ids of ${kind} seem to be shifted by one: annotations have ${member} from ${used.join(' to ')}, but ${kind} have ids from ${defined.join(' to ')}${boxes}`,
    advice: sameStart(kind),
    isCertain,
  };
}

const partDoubt = (boxes: number, part: IdRange): IdDoubt => ({
  kind: 'images',
  what: `image_ids seem to be shifted by one in a part of the file: of the annotations with an image_id from about ${part.join(' to ')}, ${plural(boxes, 'box')} reach beyond their images and fit with shifted ids`,
  advice: JOIN_AGAIN,
  isCertain: false,
});

function onlyOne(doubts: readonly (IdDoubt | undefined)[]): IdDoubt | undefined {
  const [only, ...others] = doubts.filter((doubt) => doubt !== undefined);
  return others.length === 0 ? only : undefined;
}
