import { byCodePoint } from '../../lib/order.js';
import { EXCHANGED, MIN_BEYOND } from '../model/box-conventions.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import type { SourceBox } from '../model/types.js';
import {
  byCocoFile,
  framedBoxes,
  frameOf,
  isOfShapes,
  MIN_BOXES,
  otherFittingForms,
  shareBeyond,
} from './framed-boxes.js';
import type { BoxReading, SeenImage } from './seen-image.js';

/**
 * Finds the images whose polygons or masks have x and y exchanged, without a bbox that shows it: read as COCO defines
 * them they reach beyond images of the stated size, and exchanged they fit. Each COCO file is decided as a whole.
 * Returns the paths of these images.
 */
export function exchangedShapes(
  seen: readonly SeenImage[],
  readingOf: (seen: SeenImage) => BoxReading,
): ReadonlySet<string> {
  const files = [...byCocoFile(seen).values()].filter((images) => {
    if (!images.every(isOfShapes)) return false;
    const boxes = images.flatMap((one) => framedBoxes(one, readingOf(one)));
    return (
      boxes.length >= MIN_BOXES &&
      shareBeyond(boxes, 'stated') >= MIN_BEYOND &&
      // A wrong size would explain the boxes too.
      images.every((one) => hasStatedSize(one, readingOf(one))) &&
      otherFittingForms(boxes).includes(EXCHANGED)
    );
  });
  return new Set(files.flat().map(({ image }) => image.path));
}

function hasStatedSize(seen: SeenImage, reading: BoxReading): boolean {
  const { stated, file } = frameOf(seen, reading);
  return Math.abs(stated.width - file.width) <= 1 && Math.abs(stated.height - file.height) <= 1;
}

/** The image with x and y of its boxes exchanged. */
export function withExchangedBoxes({ image, result }: SeenImage): SeenImage {
  const boxes = image.boxes.map(
    ({ label, x, y, width, height }): SourceBox => ({ label, x: y, y: x, width: height, height: width }),
  );
  return { image: { ...image, boxes }, result };
}

/** Warns of shapes that were read with x and y exchanged. */
export function exchangedFindings(paths: ReadonlySet<string>): DatasetFinding[] {
  const finding = warning(
    'SHAPES_EXCHANGED',
    paths.size,
    'Polygons have y before x, or masks follow the rows: only so do they fit their images. They were read like this. Check the boxes in the report.',
    [...paths].sort(byCodePoint),
  );
  return finding ? [finding] : [];
}
