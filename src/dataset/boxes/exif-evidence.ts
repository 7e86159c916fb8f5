import { isInside, MAX_BEYOND } from '../model/box-conventions.js';
import { DatasetError, MAX_REFUSAL_EXAMPLES } from '../model/errors.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import { areOfOneExport } from '../model/one-export.js';
import { swapsSides } from '../model/orientation.js';
import {
  byCocoFile,
  type Frame,
  type FramedBox,
  framedBoxes,
  overruns,
  shareBeyond,
} from './framed-boxes.js';
import type { BoxReading, SeenImage } from './seen-image.js';

/** Images of a COCO file that EXIF rotates and whose boxes fit no single reading. */
export interface ExifConflict {
  readonly cocoFile: string;
  /** Number of images whose boxes fit only the stored or only the rotated image; both 0 if all fit either of them. */
  readonly onlyStored: number;
  readonly onlyTurned: number;
  readonly paths: readonly string[];
}

/** What the boxes of images that EXIF turns by 90° show about their reading. */
export interface ExifEvidence {
  /** The reading by path of the image; images whose boxes show nothing are absent. */
  readonly shown: ReadonlyMap<string, BoxReading>;
  readonly conflicts: readonly ExifConflict[];
}

const OTHER = { turned: 'stored', stored: 'turned' } as const;

/**
 * Compares boxes with the rotated and with the stored image. Each COCO file is decided as a whole, and images of one
 * reading by sizes together; a file that shows nothing follows the other files of its export. Boxes show a reading only if
 * they fit it and reach beyond the other one.
 * @param bySizes the reading that follows from the stated sizes alone
 */
export function exifEvidence(
  images: readonly SeenImage[],
  bySizes: (seen: SeenImage) => BoxReading,
): ExifEvidence {
  const shown = new Map<string, BoxReading>();
  const conflicts: ExifConflict[] = [];
  const parts: Part[] = [];
  for (const [cocoFile, own] of byCocoFile(images)) {
    const rotated = own.filter(isRotated);
    if (rotated.length === 0) continue;
    const upright = own.filter((one) => !isRotated(one)).flatMap((one) => framedBoxes(one, bySizes(one)));
    // Boxes that overrun other images too are in another convention, whatever EXIF says.
    if (overruns(upright, 'stated') && overruns(upright, 'file')) continue;
    for (const reading of ['turned', 'stored'] as const) {
      const group = rotated.filter((one) => bySizes(one) === reading);
      const found = compare(group, reading);
      if (found === 'conflict') conflicts.push({ cocoFile, ...countFits(group) });
      else parts.push({ cocoFile, assumed: reading, images: group, found });
    }
  }
  for (const part of parts) {
    const found = part.found ?? sharedReading(part, parts);
    if (found) for (const { image } of part.images) shown.set(image.path, found);
  }
  return { shown, conflicts };
}

/** Rotated images of a COCO file that have one reading by sizes, and the reading that their boxes show. */
interface Part {
  readonly cocoFile: string;
  readonly assumed: BoxReading;
  readonly images: readonly SeenImage[];
  readonly found: BoxReading | undefined;
}

/** The reading that all COCO files of one export show together, if the boxes of this one do not contradict it. */
function sharedReading({ cocoFile, assumed, images }: Part, parts: readonly Part[]): BoxReading | undefined {
  const relatives = parts.filter(
    (other) => other.assumed === assumed && areOfOneExport(other.cocoFile, cocoFile),
  );
  if (images.length === 0 || relatives.length < 2) return undefined;
  const found = compare(
    relatives.flatMap((other) => other.images),
    assumed,
  );
  if (found === undefined || found === 'conflict') return undefined;
  const boxes = boxesIn(images, found);
  return (['stated', 'file'] as const).some((size) => shareBeyond(boxes, size) <= MAX_BEYOND)
    ? found
    : undefined;
}

/** Only images whose sides EXIF exchanges have different room for boxes in the two readings. */
const isRotated = ({ result: { orientation, stored } }: SeenImage) =>
  swapsSides(orientation) && stored.width !== stored.height;

/** The reading that the boxes of images show; undefined if they do not show one. */
function compare(images: readonly SeenImage[], assumed: BoxReading): BoxReading | 'conflict' | undefined {
  const [own, other] = [assumed, OTHER[assumed]].map((reading) => boxesIn(images, reading));
  if (!own || !other || own.length === 0) return undefined;
  if (!overruns(own, 'stated')) return overruns(other, 'file') ? assumed : undefined;
  const fits = (boxes: readonly FramedBox[], size: keyof Frame) => shareBeyond(boxes, size) <= MAX_BEYOND;
  if (fits(own, 'file')) {
    // The stated size is wrong, or it has the sides of the other reading on a smaller scale.
    return fits(other, 'stated') ? 'conflict' : undefined;
  }
  if (fits(other, 'stated') || fits(other, 'file')) return OTHER[assumed];
  const { onlyStored, onlyTurned, paths } = countFits(images);
  const isDivided =
    Math.min(onlyStored, onlyTurned) >= MIN_DIVIDED && paths.length === onlyStored + onlyTurned;
  return isDivided ? 'conflict' : undefined;
}

/** Minimum images that fit only one reading, for either reading, in a COCO file that mixes both. */
const MIN_DIVIDED = 2;

const boxesIn = (images: readonly SeenImage[], reading: BoxReading) =>
  images.flatMap((one) => framedBoxes(withSidesOf(one, reading), reading));

/** Counts the images that fit only one reading; `paths` are those and the images that fit none. */
function countFits(images: readonly SeenImage[]) {
  const doesFit = (one: SeenImage, reading: BoxReading) =>
    boxesIn([one], reading).every((box) => isInside(box.bbox, box.stated) || isInside(box.bbox, box.file));
  const fits = images.map((one) => ({
    path: one.image.path,
    stored: doesFit(one, 'stored'),
    turned: doesFit(one, 'turned'),
  }));
  return {
    onlyStored: fits.filter(({ stored, turned }) => stored && !turned).length,
    onlyTurned: fits.filter(({ stored, turned }) => turned && !stored).length,
    paths: fits.filter(({ stored, turned }) => !(stored && turned)).map(({ path }) => path),
  };
}

/** The image with the stated sides exchanged if they are those of the other reading. */
export function withSidesOf(seen: SeenImage, reading: BoxReading): SeenImage {
  const own = ownReading(seen);
  if (own === undefined || own === reading) return seen;
  const { image, result } = seen;
  return { image: { ...image, boxes: image.boxes, width: image.height, height: image.width }, result };
}

/** The reading that an image's own sizes show; undefined unless EXIF exchanges the sides of a non-square image. */
export function ownReading(seen: SeenImage): BoxReading | undefined {
  const { width, height } = seen.image;
  if (!isRotated(seen) || width === null || height === null || width === height) return undefined;
  const { stored } = seen.result;
  return width > height === stored.width > stored.height ? 'stored' : 'turned';
}

/**
 * Refuses boxes that fit no single reading of images that EXIF rotates.
 * @throws DatasetError CocoInvalid
 */
export function refuseExifConflicts(conflicts: readonly ExifConflict[]): void {
  const [first] = conflicts;
  if (!first) return;
  const { cocoFile, onlyStored, onlyTurned, paths } = first;
  const what =
    onlyStored + onlyTurned > 0
      ? `the boxes of ${onlyStored} of these images fit only the image as stored, those of ${onlyTurned} only the rotated image`
      : 'their boxes reach beyond the sizes in the COCO file and fit both the rotated image and the image as stored';
  throw new DatasetError(
    'CocoInvalid',
    `${cocoFile}: EXIF rotates images, and ${what}. Set EXIF_BOXES=turned or EXIF_BOXES=stored if one of them is right for all, or export again.`,
    { file: cocoFile, count: paths.length, examples: paths.slice(0, MAX_REFUSAL_EXAMPLES) },
  );
}

/** Reports images whose boxes show that they refer to the stored image, though nothing else does. */
export function storedByBoxesFinding(paths: readonly string[]): DatasetFinding | undefined {
  return warning(
    'EXIF_BOXES_STORED',
    paths.length,
    'EXIF rotates images, but their boxes reach beyond the rotated image and fit the image as stored. The boxes were read in pixels of the stored image. Check them in the report, and set EXIF_BOXES=turned if they are misplaced.',
    paths,
  );
}
