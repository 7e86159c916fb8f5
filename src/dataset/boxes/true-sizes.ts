import { type DatasetFinding, warning } from '../model/findings.js';
import type { Size } from '../model/types.js';
import {
  byCocoFile,
  type Frame,
  type FramedBox,
  framedBoxes,
  frameOf,
  MAX_BEYOND,
  MIN_BEYOND,
  MIN_BOXES,
  otherFittingForms,
  shareBeyond,
} from './framed-boxes.js';
import type { BoxReading, SeenImage } from './seen-image.js';

/** Maximum ratio of a file's side to the stated one, and chance, for which boxes only in that corner are evidence. */
const CORNER = 2 / 3;
const MAX_CHANCE = 0.001;

/** Images by whether their records state a wrong size. */
export interface WrongSizes {
  /** Paths of images whose boxes are in pixels of the file. */
  readonly wrong: ReadonlySet<string>;
  /** Paths of images whose boxes fit both sizes, though the stated one is improbable. */
  readonly ambiguous: readonly string[];
}

/**
 * Finds the images whose records state a wrong size: their boxes reach beyond it but fit the file, as when an exporter
 * writes one size for all images or exchanges width and height. Each COCO file is decided as a whole.
 */
export function wrongSizes(
  seen: readonly SeenImage[],
  readingOf: (seen: SeenImage) => BoxReading,
): WrongSizes {
  const frame = (one: SeenImage) => frameOf(one, readingOf(one));
  const isRight = (one: SeenImage) => isSame(frame(one));
  const labelled = seen.filter(({ image }) => image.boxes.length > 0);
  const others = new Set(labelled.filter(isRight).map(({ image }) => image.cocoFile));
  const groups = byCocoFile(
    labelled.filter((one) => !isRight(one)),
    // Exchanged sides are a mistake of their own, which may occur beside images with scaled boxes.
    (one) => `${isExchanged(frame(one))} ${one.image.cocoFile}`,
  );
  const all = [...groups.values()].map((images) => ({
    paths: images.map(({ image }) => image.path),
    found: assess(
      images.flatMap((one) => framedBoxes(one, readingOf(one))),
      images.some(({ image }) => others.has(image.cocoFile)),
    ),
  }));
  const pathsOf = (found: Assessment) =>
    all.filter((group) => group.found === found).flatMap(({ paths }) => paths);
  return { wrong: new Set(pathsOf('wrong')), ambiguous: pathsOf('ambiguous') };
}

const isSame = ({ stated, file }: Frame) =>
  Math.abs(stated.width - file.width) <= 1 && Math.abs(stated.height - file.height) <= 1;

const isExchanged = ({ stated, file }: Frame) => stated.width === file.height && stated.height === file.width;

type Assessment = 'right' | 'wrong' | 'ambiguous';

/** @param besideRight whether other images of the COCO file have the size that their records state */
function assess(boxes: readonly FramedBox[], besideRight: boolean): Assessment {
  if (shareBeyond(boxes, 'file') > MAX_BEYOND) return 'right';
  const beyond = shareBeyond(boxes, 'stated');
  if (boxes.every(isExchanged)) return beyond > 0 ? 'wrong' : 'right';
  if (beyond >= MIN_BEYOND) {
    // Another convention would explain the boxes too.
    const isExplained = boxes.length >= MIN_BOXES && otherFittingForms(boxes).length > 0;
    return isExplained ? 'right' : 'wrong';
  }
  if (!areInCorner(boxes)) return 'right';
  // Images that were all resized by one factor keep their boxes; with different factors, the stated sizes are wrong.
  return isOneFactor(boxes) && !besideRight ? 'ambiguous' : 'wrong';
}

/** Maximum relative difference of factors that are the same but for rounding to whole pixels. */
const SAME_FACTOR = 0.02;

function isOneFactor(boxes: readonly FramedBox[]): boolean {
  const factors = boxes.flatMap(({ stated, file }) => [
    file.width / stated.width,
    file.height / stated.height,
  ]);
  const [first = 1] = factors;
  return factors.every((factor) => Math.abs(factor / first - 1) <= SAME_FACTOR);
}

/**
 * Whether all boxes lie in a corner of the stated size that is as large as the file. Boxes that are spread over the
 * image would hardly do so by chance.
 */
function areInCorner(boxes: readonly FramedBox[]): boolean {
  let chance = 1;
  for (const { stated, file } of boxes) {
    const [across, down] = [ratio(file, stated, 'width'), ratio(file, stated, 'height')];
    if (Math.min(across, down) > CORNER) return false;
    chance *= across * down;
  }
  return boxes.length >= MIN_BOXES && chance < MAX_CHANCE;
}

const ratio = (file: Size, stated: Size, side: keyof Size) => Math.min(1, file[side] / stated[side]);

/** Warns of images whose stated sizes were not used, or are improbable. */
export function sizeFindings({ sizesFromFiles, sizesAmbiguous }: SizeFacts): DatasetFinding[] {
  return [
    warning(
      'SIZES_FROM_FILES',
      sizesFromFiles.length,
      'COCO records state another size than the image files have, and their boxes show that the size of the files is right. The boxes were read as pixels of the files. Check them in the report.',
      sizesFromFiles,
    ),
    warning(
      'SIZES_AMBIGUOUS',
      sizesAmbiguous.length,
      'COCO records state a larger size than the image files have, and all their boxes lie in the upper left part of it. The boxes were scaled down to the files. Check them in the report: if they are too small, the stated sizes are wrong.',
      sizesAmbiguous,
    ),
  ].filter((finding) => finding !== undefined);
}

interface SizeFacts {
  readonly sizesFromFiles: readonly string[];
  readonly sizesAmbiguous: readonly string[];
}
