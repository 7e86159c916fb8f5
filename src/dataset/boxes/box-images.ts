import { byCodePoint } from '../../lib/order.js';
import { type KeptTogether, keepTogether } from '../copies/keep-together.js';
import { type Candidate, sortKeyOf } from '../model/candidates.js';
import type { Drops } from '../model/drops.js';
import { exportedSide } from '../model/exported-side.js';
import { uprightSize } from '../model/orientation.js';
import { SERVICE_LIMITS } from '../model/service-limits.js';
import type { DatasetSettings } from '../model/settings.js';
import type { Box, Size } from '../model/types.js';
import { centredImages, withCentredBoxes } from './centre-boxes.js';
import { refuseOtherConventions } from './convention-findings.js';
import { type ExchangedRecord, exchangedRecords } from './exchanged-records.js';
import { exchangedShapes, withExchangedBoxes } from './exchanged-shapes.js';
import { type BoxReadings, boxReadings } from './exif.js';
import { type ExifConflict, refuseExifConflicts, withSidesOf } from './exif-evidence.js';
import { type ExifFacts, exifFacts } from './exif-facts.js';
import { type FramedFile, framedFiles, frameOf } from './framed-boxes.js';
import { lostRotations } from './lost-rotations.js';
import { isMismatched, moveBox } from './move-box.js';
import { type ConventionFacts, conventionFacts } from './other-conventions.js';
import { type ResizedCopies, resizedCopies } from './resized-copies.js';
import type { SeenImage } from './seen-image.js';
import { isFileSize, wrongSizes } from './true-sizes.js';

/** A box that was dropped because it is smaller than MIN_BOX_PX. */
export interface TooSmallBox {
  readonly path: string;
  /** Size of the part inside the image, in pixels of the original. */
  readonly width: number;
  readonly height: number;
  /** The lowest IMAGE_MAX_SIDE that keeps the box; null if no value does. */
  readonly keptAt: number | null;
  /** Position in pixels of the preprocessed image; sides may be 0. */
  readonly at: Box;
}

/** All readable images with their boxes in pixels of the preprocessed images. Curating and reports start from it. */
export interface BoxedImages {
  /** Sorted by path. Includes images that lost all their boxes. */
  readonly candidates: readonly Candidate[];
  /** Number of images without any annotation, unusable ones included. */
  readonly neverAnnotated: number;
  readonly tooSmall: readonly TooSmallBox[];
  /** Number of boxes that lie outside their image, by path of the image; only images that have such boxes. */
  readonly outside: ReadonlyMap<string, number>;
  /** Paths of images whose COCO record states another aspect ratio than the file has. */
  readonly mismatched: readonly string[];
  /** Images whose records state the size of another image, so that other findings about sizes do not name them. */
  readonly exchangedRecords: readonly ExchangedRecord[];
  /** Paths of images whose boxes refer to the rotated image, though neither the file nor its EXIF data is rotated. */
  readonly rotationsLost: ReadonlySet<string>;
  /** Paths of images whose COCO record states a wrong size, so that their boxes were read in pixels of the file. */
  readonly sizesFromFiles: readonly string[];
  /** Paths of images whose stated size was used, though the boxes do not show that it is right. */
  readonly sizesAmbiguous: readonly string[];
  /** Paths of images that EXIF rotates and that are read as stored because of their boxes alone. */
  readonly storedByBoxes: readonly string[];
  readonly exifConflicts: readonly ExifConflict[];
  /** Paths of images whose polygons or masks were read with x and y exchanged. */
  readonly shapesExchanged: ReadonlySet<string>;
  /** Paths of images whose boxes were read from their centre. */
  readonly centred: ReadonlySet<string>;
  readonly conventions: ConventionFacts;
  /** COCO files whose boxes refer to copies of one size; none that `conventions` explains. */
  readonly resizedCopies: readonly ResizedCopies[];
  readonly exif: ExifFacts;
  readonly together: KeptTogether;
}

/** Converts all boxes to pixels of the preprocessed images. Dropped boxes are counted in `drops`. */
export function boxImages(
  found: readonly SeenImage[],
  groupOf: ReadonlyMap<string, string>,
  settings: DatasetSettings,
  drops: Drops,
): BoxedImages {
  const { minBoxPx } = settings;
  const readings = boxReadings(found, settings.exifBoxes);
  const { seen, readingOf, ...sizes } = withTrueBoxes(found, readings);
  const tooSmall: TooSmallBox[] = [];
  const outside = new Map<string, number>();
  const mismatched: string[] = [];
  const exchanged = exchangedRecords(found, readingOf);
  const isExchanged = new Set(exchanged.map(({ path }) => path));
  const rotationsLost = new Set([...lostRotations(seen, readingOf)].filter((path) => !isExchanged.has(path)));
  const groupOfPath = (path: string) => groupOf.get(path) ?? path;
  const sorted = [...seen].sort((a, b) => byCodePoint(a.image.path, b.image.path));
  const together = keepTogether(
    sorted.map(({ image: { path } }) => ({ path, group: groupOfPath(path) })),
    settings.groupBy,
  );
  const candidates = sorted.map((one): Candidate => {
    const { image, result } = one;
    const reading = readingOf(one);
    const isExplained = rotationsLost.has(image.path) || isExchanged.has(image.path);
    if (isMismatched(image, result, reading) && !isExplained) mismatched.push(image.path);
    const boxes: Box[] = [];
    for (const source of image.boxes) {
      const moved = moveBox(source, image, result, reading, minBoxPx);
      if ('box' in moved) {
        boxes.push(moved.box);
        continue;
      }
      drops.add(moved.dropped, 1);
      if (moved.dropped === 'outside') {
        outside.set(image.path, (outside.get(image.path) ?? 0) + 1);
      } else {
        tooSmall.push({
          path: image.path,
          ...moved.visible,
          at: moved.at,
          keptAt: sideToKeep(
            one,
            moved.visible,
            minBoxPx,
            (output) => 'box' in moveBox(source, image, { ...result, output }, reading, minBoxPx),
          ),
        });
      }
    }
    return {
      path: image.path,
      key: result.key,
      size: result.output,
      // An array that grew by `push` has room for a dozen more boxes.
      boxes: boxes.slice(),
      group: groupOfPath(image.path),
      unit: together.unitOf.get(image.path) ?? image.path,
      sourceSha256: result.sourceSha256,
      sortKey: sortKeyOf(settings.seed, image.path),
      exported: exportedSide(image),
    };
  });
  const neverAnnotated = seen.filter(({ image }) => image.annotations === 0).length;
  return {
    ...{ candidates, neverAnnotated, tooSmall, outside, mismatched, rotationsLost, together },
    ...sizes,
    sizesAmbiguous: sizes.sizesAmbiguous.filter((path) => !isExchanged.has(path)),
    exchangedRecords: exchanged,
    storedByBoxes: readings.storedByBoxes,
    exifConflicts: readings.conflicts,
    exif: exifFacts(found, settings, readings),
  };
}

/**
 * Refuses boxes that are certainly misplaced in every way to read them.
 * @throws DatasetError CocoInvalid
 */
export function refuseMisplaced({ exifConflicts, conventions }: BoxedImages): void {
  refuseExifConflicts(exifConflicts);
  refuseOtherConventions(conventions);
}

/** The images with the sizes that their boxes refer to, and with these boxes, if COCO records state other ones. */
function withTrueBoxes(found: readonly SeenImage[], readings: BoxReadings) {
  // Readings depend on the stated sizes, which are changed here.
  const stored = new Set(found.flatMap((one) => (readings.of(one) === 'stored' ? [one.image.path] : [])));
  const readingOf = ({ image }: SeenImage) => (stored.has(image.path) ? 'stored' : 'turned');
  const oriented = found.map((one) => withSidesOf(one, readingOf(one)));
  const { wrong, ambiguous } = wrongSizes(oriented, readingOf);
  const shapesExchanged = exchangedShapes(oriented, readingOf);
  const known = new Set(readings.storedByBoxes);
  const exchanged = oriented.filter((one, i) => one !== found[i] && !known.has(one.image.path));
  const ofFile = exchanged.filter((one) => isFileSize(frameOf(one, readingOf(one))));
  const sized = oriented
    .map((one) => (wrong.has(one.image.path) ? withoutSize(one) : one))
    .map((one) => (shapesExchanged.has(one.image.path) ? withExchangedBoxes(one) : one));
  const files = framedFiles(sized, readingOf);
  const centred = centredImages(files);
  const seen = sized.map((one) => (centred.has(one.image.path) ? withCentredBoxes(one) : one));
  return {
    ...{ readingOf, seen, shapesExchanged, centred },
    ...shownByFiles(centred.size > 0 ? framedFiles(seen, readingOf) : files),
    sizesFromFiles: [...new Set([...wrong, ...ofFile.map(({ image }) => image.path)])],
    sizesAmbiguous: ambiguous,
  };
}

/** What the boxes of each COCO file show together. */
function shownByFiles(files: readonly FramedFile[]): Pick<BoxedImages, 'conventions' | 'resizedCopies'> {
  const conventions = conventionFacts(files);
  const explained = new Set(conventions.other.map(({ cocoFile }) => cocoFile));
  return {
    conventions,
    resizedCopies: resizedCopies(files.filter(({ cocoFile }) => !explained.has(cocoFile))),
  };
}

const withoutSize = ({ image, result }: SeenImage): SeenImage => ({
  image: { ...image, boxes: image.boxes, width: null, height: null },
  result,
});

/** Values that are tried beyond the computed one, since edges are rounded to whole pixels. */
const TRIED_SIDES = 4;

/** The lowest IMAGE_MAX_SIDE that keeps a box, up to the side at which the service trains and the image's own size. */
function sideToKeep(
  { result }: SeenImage,
  visible: Size,
  minBoxPx: number,
  isKept: (output: Size) => boolean,
): number | null {
  const original = uprightSize(result);
  const longest = Math.max(original.width, original.height);
  const limit = Math.min(longest, SERVICE_LIMITS.trainingSide);
  const first = Math.max(
    Math.ceil((minBoxPx * longest) / Math.min(visible.width, visible.height)),
    Math.max(result.output.width, result.output.height) + 1,
  );
  for (let side = first; side <= Math.min(limit, first + TRIED_SIDES); side += 1) {
    const output = {
      width: Math.round((original.width * side) / longest),
      height: Math.round((original.height * side) / longest),
    };
    if (isKept(output)) return side;
  }
  return null;
}
