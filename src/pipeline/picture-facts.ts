import { searchCopies } from '../dataset/copies/find-copies.js';
import { type CopiedPicture, type SamePicture, samePictures } from '../dataset/copies/same-pictures.js';
import { type LabelledPicture, type UnmovedBoxes, unmovedBoxes } from '../dataset/copies/unmoved-boxes.js';
import { hasLowContrast } from '../dataset/model/contrast.js';
import type { PreprocessedImage } from '../dataset/model/types.js';
import { drive } from './drive.js';
import type { ProcessedRecord } from './records.js';
import type { Thumbnails } from './thumbnails.js';

/** What the thumbnails of the images show. */
export interface PictureFacts {
  /** The group of copies of each preprocessed image, by path. */
  readonly groupOf: ReadonlyMap<string, string>;
  /** The image that shows the same picture, by path of the copy. */
  readonly sameAs: ReadonlyMap<string, SamePicture>;
  /** Copies that were moved without their boxes. */
  readonly unmoved: readonly UnmovedBoxes[];
  /** Paths of the preprocessed images with low contrast. */
  readonly lowContrast: readonly string[];
}

/** A record whose image was preprocessed. */
type Preprocessed = ProcessedRecord & { readonly result: PreprocessedImage };

/** Finds copies, moved ones too, and images with low contrast. Nothing else needs the thumbnails. */
export async function pictureFacts(
  records: readonly ProcessedRecord[],
  thumbnails: Thumbnails,
): Promise<PictureFacts> {
  const pictures = records.filter(isPreprocessed);
  const groupOf = await groupCopies(pictures, thumbnails);
  const sameAs = samePicturesIn(pictures, thumbnails, groupOf);
  return {
    groupOf,
    sameAs,
    unmoved: unmovedBoxesIn(pictures, thumbnails, sameAs),
    lowContrast: lowContrastPaths(pictures, thumbnails),
  };
}

const isPreprocessed = (record: ProcessedRecord): record is Preprocessed =>
  record.result.status === 'preprocessed';

async function groupCopies(
  pictures: readonly Preprocessed[],
  thumbnails: Thumbnails,
): Promise<ReadonlyMap<string, string>> {
  const search = searchCopies(
    pictures.map(({ result }) => result),
    (index) => thumbnails.get(pictures[index]?.thumbnail ?? 0),
  );
  return await drive(search);
}

function samePicturesIn(
  pictures: readonly Preprocessed[],
  thumbnails: Thumbnails,
  groupOf: ReadonlyMap<string, string>,
): Map<string, SamePicture> {
  return samePictures(
    pictures.map((picture) => {
      const { path } = picture.result;
      return new PictureOfGroup(picture, thumbnails, groupOf.get(path) ?? path);
    }),
  );
}

/** Copies with unmoved boxes, except those whose boxes `sameAs` compares, and images that EXIF data turns. */
function unmovedBoxesIn(
  pictures: readonly Preprocessed[],
  thumbnails: Thumbnails,
  sameAs: ReadonlyMap<string, SamePicture>,
): UnmovedBoxes[] {
  return unmovedBoxes(
    pictures
      .filter(({ image, result }) => result.orientation === 1 && !sameAs.has(image.path))
      .map((picture) => new PictureWithBoxes(picture, thumbnails)),
  );
}

/** Returns the paths of the images that are nearly uniform or nearly black. */
function lowContrastPaths(pictures: readonly Preprocessed[], thumbnails: Thumbnails): string[] {
  return pictures.flatMap(({ result, thumbnail }) =>
    hasLowContrast(thumbnails.get(thumbnail)) ? [result.path] : [],
  );
}

/** A picture whose thumbnail is read when it is compared. */
abstract class StoredPicture {
  constructor(
    protected readonly picture: Preprocessed,
    private readonly thumbnails: Thumbnails,
  ) {}

  get path(): string {
    return this.picture.result.path;
  }

  get thumbnail64(): Uint8Array {
    return this.thumbnails.get(this.picture.thumbnail);
  }
}

class PictureOfGroup extends StoredPicture implements CopiedPicture {
  constructor(
    picture: Preprocessed,
    thumbnails: Thumbnails,
    readonly group: string,
  ) {
    super(picture, thumbnails);
  }

  get sourceSha256(): string {
    return this.picture.result.sourceSha256;
  }
}

class PictureWithBoxes extends StoredPicture implements LabelledPicture {
  get boxes(): LabelledPicture['boxes'] {
    return this.picture.image.boxes;
  }

  get size(): LabelledPicture['size'] {
    const { image, result } = this.picture;
    const { width, height } = image;
    return width === null || height === null ? result.stored : { width, height };
  }
}
