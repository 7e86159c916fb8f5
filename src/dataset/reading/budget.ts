import { DatasetError } from '../model/errors.js';

/** Limits of all JSON files of an archive together: more than any dataset that the service accepts can use. */

/** Maximum number of image records: as many as an archive may have files. */
const MAX_IMAGE_RECORDS = 1_000_000;
/** Maximum number of categories. A model has 250 at most; the largest public vocabularies have 22,000. */
const MAX_CATEGORIES = 100_000;
/** Maximum number of annotations: 20 for each of the 250,000 images that a dataset of the service may have. */
const MAX_ANNOTATIONS = 5_000_000;
/** Maximum number of boxes on one image: a thousand times the 50 that the service uses. */
const MAX_BOXES_PER_IMAGE = 50_000;
/** Maximum number of boxes per image on average, 20 times what the service uses, if a file has more than MAX_BOXES_OF_FEW. */
const MAX_AVERAGE_BOXES = 1_000;
const MAX_BOXES_OF_FEW = 200_000;
/** Maximum number of members of the top level of a COCO file. COCO has 5. */
export const MAX_MEMBERS = 100_000;

/** Counts the records of the COCO files of an archive, also those that cannot be used. */
export class ReadingBudget {
  #images = 0;
  #categories = 0;
  #annotations = 0;
  #inPass = 0;

  /** @throws DatasetError ArchiveUnsafe if there are too many */
  addImage(path: string): void {
    this.#images += 1;
    if (this.#images > MAX_IMAGE_RECORDS) throw tooMany(path, MAX_IMAGE_RECORDS, 'image records');
  }

  /** @throws DatasetError ArchiveUnsafe if there are too many */
  addCategory(path: string): void {
    this.#categories += 1;
    if (this.#categories > MAX_CATEGORIES) throw tooMany(path, MAX_CATEGORIES, 'categories');
  }

  /**
   * Checks how many annotations a file has before they are read. Up to twice the maximum passes, since reading them may
   * show a better reason, such as an image with too many boxes.
   * @throws DatasetError ArchiveUnsafe if there are far too many
   */
  expectAnnotations(path: string, count: number): void {
    if (this.#annotations + count > 2 * MAX_ANNOTATIONS) throw tooMany(path, MAX_ANNOTATIONS, 'annotations');
  }

  /** Starts a pass over the annotations of a file, which may be repeated: the passes of a file count once. */
  startPass(): void {
    this.#inPass = 0;
  }

  /** @throws DatasetError ArchiveUnsafe if there are too many */
  addAnnotation(path: string): void {
    this.#inPass += 1;
    if (this.#annotations + this.#inPass > MAX_ANNOTATIONS)
      throw tooMany(path, MAX_ANNOTATIONS, 'annotations');
  }

  /** Ends the passes over the annotations of a file. */
  endFile(): void {
    this.#annotations += this.#inPass;
    this.#inPass = 0;
  }
}

/** @throws DatasetError ArchiveUnsafe if an image has too many boxes */
export function checkBoxes(
  path: string,
  image: { readonly id: string; readonly boxes: readonly unknown[] },
): void {
  if (image.boxes.length <= MAX_BOXES_PER_IMAGE) return;
  const record = `image id ${image.id.slice(0, MAX_ID)}`;
  throw new DatasetError(
    'ArchiveUnsafe',
    `${path}: ${record} has more than ${MAX_BOXES_PER_IMAGE} boxes, the maximum per image. Remove annotations that mark no object of their own.`,
    { file: path, record },
  );
}

/** The maximum number of boxes of a COCO file that describes so many images. */
export const maxBoxesOf = (images: number) => Math.max(MAX_BOXES_OF_FEW, images * MAX_AVERAGE_BOXES);

/** The refusal of a COCO file with more boxes than `maximum`. */
export function tooManyBoxes(path: string, images: number, maximum: number): DatasetError {
  return new DatasetError(
    'ArchiveUnsafe',
    `${path} has more than ${maximum} boxes on ${images} images, the maximum for so few. Remove annotations that mark no object of their own.`,
    { file: path },
  );
}

/** Characters of an id that are shown. */
const MAX_ID = 60;

function tooMany(path: string, maximum: number, what: string): DatasetError {
  return new DatasetError(
    'ArchiveUnsafe',
    `${path}: the COCO files of the archive have more than ${maximum} ${what}, the maximum. Remove records that are not used, or split the dataset.`,
    { file: path },
  );
}
