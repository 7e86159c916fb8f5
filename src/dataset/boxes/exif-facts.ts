import { byCodePoint } from '../../lib/order.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import type { DatasetSettings } from '../model/settings.js';
import type { Box, ExifOrientation, Size } from '../model/types.js';
import { type BoxReadings, type BoxVotes, boxReadings, majority } from './exif.js';
import { moveBox } from './move-box.js';
import type { BoxReading, SeenImage } from './seen-image.js';

/** How the boxes of images that EXIF rotates were read. A user may have to decide ambiguous cases. */
export interface ExifFacts {
  readonly setting: DatasetSettings['exifBoxes'];
  /** COCO files with images that EXIF rotates, sorted. */
  readonly files: readonly ExifFile[];
  /** Ambiguous images, maximum six: those of COCO files without a majority first, then by path. */
  readonly undecidable: readonly UndecidableImage[];
}

/** The votes of one COCO file's images, by their sizes or boxes, and the reading that followed. */
export interface ExifFile extends BoxVotes {
  readonly cocoFile: string;
  /** Rotated images with boxes for which neither size nor boxes show the reading, such as 180°, mirrored or square ones. */
  readonly undecidable: number;
  /** The reading that was assumed for the ambiguous images. */
  readonly reading: BoxReading;
}

/** An image for which neither size nor boxes show whether the boxes refer to the rotated or to the stored image. */
export interface UndecidableImage {
  readonly path: string;
  readonly cocoFile: string;
  /** S3 key of the preprocessed image, which is upright. */
  readonly key: string;
  readonly orientation: ExifOrientation;
  /** Size in pixels of the preprocessed image. */
  readonly size: Size;
  /** The reading that was assumed. */
  readonly reading: BoxReading;
  /** The boxes in both readings, in pixels of the preprocessed image. */
  readonly turned: readonly Box[];
  readonly stored: readonly Box[];
}

const MAX_UNDECIDABLE = 6;

/** Collects how the boxes of rotated images were read. */
export function exifFacts(
  seen: readonly SeenImage[],
  settings: DatasetSettings,
  readings: BoxReadings = boxReadings(seen, settings.exifBoxes),
): ExifFacts {
  const { exifBoxes: setting, minBoxPx } = settings;
  const { votes } = readings;
  const turned = seen.filter(({ result }) => result.orientation !== 1);
  const undecidable = turned.filter(
    (one) => one.image.boxes.length > 0 && readings.shownBy(one) === undefined,
  );
  const isAmbiguous = ({ image }: SeenImage) => hasNoMajority(votes.get(image.cocoFile));
  const cocoFiles = new Set(turned.map(({ image }) => image.cocoFile));
  return {
    setting,
    files: [...cocoFiles].sort(byCodePoint).map((cocoFile) => ({
      cocoFile,
      turned: votes.get(cocoFile)?.turned ?? 0,
      stored: votes.get(cocoFile)?.stored ?? 0,
      undecidable: undecidable.filter(({ image }) => image.cocoFile === cocoFile).length,
      reading: setting === 'auto' ? majority(votes.get(cocoFile)) : setting,
    })),
    undecidable: undecidable
      .sort(
        (a, b) => Number(isAmbiguous(b)) - Number(isAmbiguous(a)) || byCodePoint(a.image.path, b.image.path),
      )
      .slice(0, MAX_UNDECIDABLE)
      .map((one) => ({
        path: one.image.path,
        cocoFile: one.image.cocoFile,
        key: one.result.key,
        orientation: one.result.orientation,
        size: one.result.output,
        reading: readings.of(one),
        turned: boxesOf(one, 'turned', minBoxPx),
        stored: boxesOf(one, 'stored', minBoxPx),
      })),
  };
}

const hasNoMajority = (votes: BoxVotes | undefined) => !votes || votes.turned === votes.stored;

function boxesOf({ image, result }: SeenImage, reading: BoxReading, minBoxPx: number): Box[] {
  return image.boxes.flatMap((source) => {
    const moved = moveBox(source, image, result, reading, minBoxPx);
    return 'box' in moved ? [moved.box] : [];
  });
}

const READINGS = { turned: 'rotated', stored: 'stored' } as const;

/** EXIF_BOXES applies to all images, so that it does not help a file whose images contradict each other. */
function adviceFor(ambiguous: readonly ExifFile[]): string {
  return ambiguous.every(hasNoMajority)
    ? 'Check the boxes in the report, and set EXIF_BOXES=stored if they are misplaced.'
    : 'Check the boxes in the report. If they are misplaced, export again without EXIF rotation.';
}

/** Warns of COCO files for which neither sizes nor boxes show the reading, and of files whose images contradict each other. */
export function exifFindings({ setting, files, undecidable }: ExifFacts): DatasetFinding[] {
  if (setting !== 'auto') return [];
  const isDivided = ({ turned, stored }: BoxVotes) => turned > 0 && stored > 0;
  const divided = files.filter(isDivided);
  // What the other images of a divided file show is no evidence for these.
  const ambiguous = files.filter((file) => file.undecidable > 0 && (hasNoMajority(file) || isDivided(file)));
  const readings = new Set(ambiguous.map(({ reading }) => READINGS[reading]));
  return [
    warning(
      'EXIF_BOXES_AMBIGUOUS',
      ambiguous.reduce((sum, file) => sum + file.undecidable, 0),
      {
        headline: `EXIF rotates images, and neither COCO sizes nor boxes show whether boxes refer to the rotated image; ${[...readings].join(' or ')} was assumed.`,
        rest: adviceFor(ambiguous),
      },
      undecidable
        .filter((one) => ambiguous.some(({ cocoFile }) => cocoFile === one.cocoFile))
        .map(({ path }) => path),
    ),
    warning(
      'EXIF_BOXES_DIVIDED',
      divided.length,
      'Some images of a COCO file state the size before the EXIF rotation, others the size after it. Each image was read by its own size. Check the boxes in the report.',
      divided.map(({ cocoFile, turned, stored }) => `${cocoFile}: ${turned} rotated, ${stored} stored`),
    ),
  ].filter((finding) => finding !== undefined);
}
