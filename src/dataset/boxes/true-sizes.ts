import { byCodePoint } from '../../lib/order.js';
import { BOX_FORMS, COCO_CONVENTION } from '../model/box-conventions.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import type { Size } from '../model/types.js';
import type { BoxReading } from './exif.js';
import {
  byCocoFile,
  type FramedBox,
  framedBoxes,
  isInside,
  MIN_BOXES,
  shareWithout,
} from './framed-boxes.js';
import type { SeenImage } from './seen-image.js';

/** Minimum share of boxes beyond the stated sizes that shows these to be wrong, and maximum share beyond the files'. */
const MIN_BEYOND = 0.1;
const MAX_BEYOND = 0.01;
/** Maximum ratio of a file's side to the stated one, and chance, for which boxes only in that corner are evidence. */
const CORNER = 2 / 3;
const MAX_CHANCE = 0.001;

/**
 * Finds the images whose records state a wrong size: their boxes reach beyond it but fit the file, as when an exporter
 * writes one size for all images or exchanges width and height. Each COCO file is decided as a whole.
 * @returns paths of these images; their boxes are in pixels of the file
 */
export function wrongSizes(
  seen: readonly SeenImage[],
  readingOf: (seen: SeenImage) => BoxReading,
): ReadonlySet<string> {
  const differing = seen
    .filter(({ image }) => image.boxes.length > 0)
    .map((one) => ({ one, boxes: framedBoxes(one, readingOf(one)) }))
    .filter(({ boxes: [box] }) => box !== undefined && differs(box));
  const groups = byCocoFile(
    differing,
    // Exchanged sides are a mistake of their own, which may occur beside images with scaled boxes.
    ({ one, boxes: [box] }) => `${box && isExchanged(box)} ${one.image.cocoFile}`,
    ({ boxes }) => boxes.length,
  );
  const wrong = [...groups.values()].filter((images) => isWrong(images.flatMap(({ boxes }) => boxes)));
  return new Set(wrong.flat().map(({ one }) => one.image.path));
}

const differs = ({ stated, file }: FramedBox) =>
  Math.abs(stated.width - file.width) > 1 || Math.abs(stated.height - file.height) > 1;

const isExchanged = ({ stated, file }: FramedBox) =>
  stated.width === file.height && stated.height === file.width;

function isWrong(boxes: readonly FramedBox[]): boolean {
  if (shareWithout(boxes, ({ bbox, file }) => isInside(bbox, file)) > MAX_BEYOND) return false;
  const beyond = shareWithout(boxes, ({ bbox, stated }) => isInside(bbox, stated));
  if (boxes.every(isExchanged)) return beyond > 0;
  return beyond >= MIN_BEYOND ? !fitsOtherwise(boxes) : areInCorner(boxes);
}

/** Whether the boxes fit the stated sizes in another convention, which would explain them too. */
function fitsOtherwise(boxes: readonly FramedBox[]): boolean {
  if (boxes.length < MIN_BOXES) return false;
  return Object.entries(BOX_FORMS).some(
    ([name, read]) =>
      name !== COCO_CONVENTION &&
      shareWithout(boxes, ({ bbox, stated }) => isInside(read(...bbox), stated)) <= MAX_BEYOND,
  );
}

/**
 * Whether all boxes lie in a corner of the stated size that is as large as the file, where chance would hardly put them
 * all.
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

/** Warns of images whose stated sizes were not used. */
export function sizeFindings(paths: readonly string[]): DatasetFinding[] {
  const finding = warning(
    'SIZES_FROM_FILES',
    paths.length,
    'COCO records state another size than the image files have, but their boxes fit the files only. The boxes were read as pixels of the files. Check them in the report.',
    [...paths].sort(byCodePoint),
  );
  return finding ? [finding] : [];
}
