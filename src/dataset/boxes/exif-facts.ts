import { byCodePoint } from '../../lib/order.js';
import { type DatasetFinding, MAX_EXAMPLES } from '../model/findings.js';
import type { DatasetSettings } from '../model/settings.js';
import type { Box, ExifOrientation, LabelledImage, PreprocessedImage, Size } from '../model/types.js';
import { type BoxReading, type BoxVotes, boxReadings, boxVotes, majority, ownReading } from './exif.js';
import { moveBox } from './move-box.js';

/** What was made of images that EXIF turns; a person may have to say what their boxes mean. */
export interface ExifFacts {
  readonly setting: DatasetSettings['exifBoxes'];
  /** COCO files with images that EXIF turns, sorted. */
  readonly files: readonly ExifFile[];
  /** At most six images that can't be told: those of COCO files without a majority first, else by path. */
  readonly undecidable: readonly UndecidableImage[];
}

export interface ExifFile extends BoxVotes {
  readonly cocoFile: string;
  /** Images with boxes that EXIF turns and whose sizes don't tell: 180°, mirrored, square, or without a COCO size. */
  readonly undecidable: number;
  /** The reading that was taken for these. */
  readonly reading: BoxReading;
}

export interface UndecidableImage {
  readonly path: string;
  readonly cocoFile: string;
  /** Key of the preprocessed image, which is upright. */
  readonly key: string;
  readonly orientation: ExifOrientation;
  /** Pixels of the preprocessed image. */
  readonly size: Size;
  /** The reading that was taken. */
  readonly reading: BoxReading;
  /** Its boxes in both readings, in pixels of the preprocessed image. */
  readonly turned: readonly Box[];
  readonly stored: readonly Box[];
}

interface Seen {
  readonly image: LabelledImage;
  readonly result: PreprocessedImage;
}

const MAX_UNDECIDABLE = 6;

export function exifFacts(seen: readonly Seen[], settings: DatasetSettings): ExifFacts {
  const { exifBoxes: setting, minBoxPx } = settings;
  const readingOf = boxReadings(seen, setting);
  const turned = seen.filter(({ result }) => result.orientation !== 1);
  const undecidable = turned.filter((one) => one.image.boxes.length > 0 && ownReading(one) === undefined);
  const votes = boxVotes(turned);
  const isUntold = ({ image }: Seen) => hasNoMajority(votes.get(image.cocoFile));
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
      .sort((a, b) => Number(isUntold(b)) - Number(isUntold(a)) || byCodePoint(a.image.path, b.image.path))
      .slice(0, MAX_UNDECIDABLE)
      .map((one) => ({
        path: one.image.path,
        cocoFile: one.image.cocoFile,
        key: one.result.key,
        orientation: one.result.orientation,
        size: one.result.output,
        reading: readingOf(one),
        turned: boxesOf(one, 'turned', minBoxPx),
        stored: boxesOf(one, 'stored', minBoxPx),
      })),
  };
}

const hasNoMajority = (votes: BoxVotes | undefined) => !votes || votes.turned === votes.stored;

function boxesOf({ image, result }: Seen, reading: BoxReading, minBoxPx: number): Box[] {
  return image.boxes.flatMap((source) => {
    const moved = moveBox(source, image, result, reading, minBoxPx);
    return 'box' in moved ? [moved.box] : [];
  });
}

/** A warning where nothing told the reading of an image, or the images of one COCO file contradict each other. */
export function exifFindings({ setting, files, undecidable }: ExifFacts): DatasetFinding[] {
  if (setting !== 'auto') return [];
  const untold = files.filter((file) => file.undecidable > 0 && hasNoMajority(file));
  const divided = files.filter((file) => file.turned > 0 && file.stored > 0);
  return [
    finding(
      'EXIF_BOXES_UNTOLD',
      untold.reduce((sum, file) => sum + file.undecidable, 0),
      'EXIF turns images, and no size in their COCO file tells whether boxes mean the turned picture; that was taken. Look at the report, and set EXIF_BOXES=stored if the boxes lie wrong.',
      undecidable
        .filter((one) => untold.some(({ cocoFile }) => cocoFile === one.cocoFile))
        .map(({ path }) => path),
    ),
    finding(
      'EXIF_BOXES_DIVIDED',
      divided.length,
      'Images of one COCO file give the turned size in part and the stored size in part; each was read by its own. Look at the report.',
      divided.map(({ cocoFile, turned, stored }) => `${cocoFile}: ${turned} turned, ${stored} stored`),
    ),
  ].filter(({ count }) => count > 0);
}

function finding(code: string, count: number, message: string, examples: readonly string[]): DatasetFinding {
  return { code, severity: 'warning', message, count, examples: examples.slice(0, MAX_EXAMPLES) };
}
