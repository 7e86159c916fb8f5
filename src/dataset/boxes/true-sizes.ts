import { MAX_BEYOND, MIN_BEYOND } from '../model/box-conventions.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import type { Size } from '../model/types.js';
import { areDrawnOnSmaller } from './drawn-size.js';
import {
  byCocoFile,
  type Frame,
  type FramedBox,
  framedBoxes,
  frameOf,
  isExchanged,
  MIN_BOXES,
  otherFittingForms,
  overruns,
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
  /** Paths of images whose boxes do not show whether the stated size or that of the file is right. */
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
  const isRight = (one: SeenImage) => isFileSize(frame(one));
  const labelled = seen.filter(({ image }) => image.boxes.length > 0);
  const others = new Set(labelled.filter(isRight).map(({ image }) => image.cocoFile));
  const groups = byCocoFile(
    labelled.filter((one) => !isRight(one)),
    // Exchanged sides are a separate mistake, which may occur beside images with scaled boxes.
    (one) => `${isExchanged(frame(one))} ${one.image.cocoFile}`,
  );
  const all = [...groups.values()].map((images) => ({
    images,
    found: assess(
      images.flatMap((one) => framedBoxes(one, readingOf(one))),
      images.some(({ image }) => others.has(image.cocoFile)),
    ),
  }));
  const imagesOf = (found: Assessment) =>
    all.filter((group) => group.found === found).flatMap(({ images }) => images);
  return {
    wrong: new Set(imagesOf('wrong').map(({ image }) => image.path)),
    ambiguous: imagesOf('ambiguous')
      .filter((one) => isScaled(frame(one)))
      .map(({ image }) => image.path),
  };
}

/** Relative difference of the sides up to which boxes of either size are right within the tolerance of annotators. */
const NEGLIGIBLE = 0.01;

/** Whether the two sizes differ by one factor; another aspect ratio has a finding of its own. */
function isScaled({ stated, file }: Frame): boolean {
  const [across, down] = [file.width / stated.width, file.height / stated.height];
  return Math.abs(across - 1) > NEGLIGIBLE && Math.abs(across / down - 1) <= SAME_FACTOR;
}

/** Whether the stated size is that of the file, up to rounding. */
export const isFileSize = ({ stated, file }: Frame) =>
  Math.abs(stated.width - file.width) <= 1 && Math.abs(stated.height - file.height) <= 1;

type Assessment = 'right' | 'wrong' | 'ambiguous';

/** @param besideRight whether other images of the COCO file have the size that their records state */
function assess(boxes: readonly FramedBox[], besideRight: boolean): Assessment {
  if (shareBeyond(boxes, 'file') > MAX_BEYOND) return 'right';
  const beyond = shareBeyond(boxes, 'stated');
  // Copies of images of several shapes have one size only if they were distorted, which boxes beyond it contradict.
  if (isOneForAll(boxes) && overruns(boxes, 'stated')) return 'wrong';
  if (boxes.every(isExchanged)) return beyond > 0 ? 'wrong' : 'right';
  if (beyond >= MIN_BEYOND) {
    // Another convention would explain the boxes too.
    const isExplained = boxes.length >= MIN_BOXES && otherFittingForms(boxes).length > 0;
    return isExplained ? 'right' : 'wrong';
  }
  if (areDrawnOnSmaller(boxes, 'stated', 'file')) return 'wrong';
  // Images that were all resized by one factor keep their boxes; with different factors, the stated sizes are wrong.
  if (areInCorner(boxes, 'stated', 'file')) return isOneFactor(boxes) && !besideRight ? 'ambiguous' : 'wrong';
  // Images that were enlarged much show it for those of the same COCO file that were enlarged little.
  const enlarged = boxes.filter(({ stated, file }) => smallerRatio(stated, file) <= CORNER);
  const isRight =
    areInCorner(enlarged, 'file', 'stated') ||
    areDrawnOnSmaller(boxes, 'file', 'stated') ||
    endAtStated(boxes);
  return isRight ? 'right' : 'ambiguous';
}

/** A box ends at the edge of its image within this many pixels; this many such boxes show that a tool cut boxes there. */
const EDGE_PX = 1;
const MIN_AT_EDGE = 3;

/** Whether boxes end at the right and lower edges of the stated sizes, and none beyond: tools cut boxes at the edges. */
function endAtStated(boxes: readonly FramedBox[]): boolean {
  const beyond = boxes.map(({ bbox: [x, y, width, height], stated }) =>
    Math.max(x + width - stated.width, y + height - stated.height),
  );
  const atEdge = beyond.filter((px) => Math.abs(px) <= EDGE_PX);
  return atEdge.length >= MIN_AT_EDGE && beyond.every((px) => px <= EDGE_PX);
}

/** Maximum relative difference of factors that differ only by rounding to whole pixels. */
const SAME_FACTOR = 0.02;

/** Whether one size is stated for files of several shapes. */
function isOneForAll(boxes: readonly FramedBox[]): boolean {
  const [first] = boxes;
  const shapeOf = ({ file }: Frame) => file.width / file.height;
  return (
    first !== undefined &&
    boxes.every(
      ({ stated }) => stated.width === first.stated.width && stated.height === first.stated.height,
    ) &&
    boxes.some((box) => Math.abs(shapeOf(box) / shapeOf(first) - 1) > SAME_FACTOR)
  );
}

function isOneFactor(boxes: readonly FramedBox[]): boolean {
  const factors = boxes.flatMap(({ stated, file }) => [
    file.width / stated.width,
    file.height / stated.height,
  ]);
  const [first = 1] = factors;
  return factors.every((factor) => Math.abs(factor / first - 1) <= SAME_FACTOR);
}

/**
 * Whether all boxes, which fit both sizes, lie in a corner of `large` that is as large as `small`. For boxes that are
 * spread over the image, this is very unlikely.
 */
function areInCorner(boxes: readonly FramedBox[], large: keyof Frame, small: keyof Frame): boolean {
  let chance = 1;
  for (const box of boxes) {
    const across = ratio(box[small], box[large], 'width');
    const down = ratio(box[small], box[large], 'height');
    if (smallerRatio(box[small], box[large]) > CORNER) return false;
    chance *= across * down;
  }
  return boxes.length >= MIN_BOXES && chance < MAX_CHANCE;
}

const smallerRatio = (small: Size, large: Size) =>
  Math.min(ratio(small, large, 'width'), ratio(small, large, 'height'));

const ratio = (small: Size, large: Size, side: keyof Size) => Math.min(1, small[side] / large[side]);

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
      {
        headline:
          'COCO records state another size than the image files have, and the boxes do not show which size they refer to.',
        rest: 'The boxes were scaled from the stated sizes to the files. Check them in the report: if they are misplaced, correct width and height in the COCO file.',
      },
      sizesAmbiguous,
    ),
  ].filter((finding) => finding !== undefined);
}

interface SizeFacts {
  readonly sizesFromFiles: readonly string[];
  readonly sizesAmbiguous: readonly string[];
}
