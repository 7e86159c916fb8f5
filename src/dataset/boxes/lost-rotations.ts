import { MAX_BEYOND } from '../model/box-conventions.js';
import { type DatasetFinding, warning } from '../model/findings.js';
import { byCocoFile, framedBoxes, frameOf, isExchanged, shareBeyond } from './framed-boxes.js';
import type { BoxReading, SeenImage } from './seen-image.js';

/** Minimum boxes of a COCO file that show it. */
const MIN_BOXES = 3;

/**
 * Finds the images whose records state width and height exchanged, without an EXIF orientation in the file, and whose
 * boxes fit the stated size only: the boxes refer to the rotated image. Returns the paths of these images.
 */
export function lostRotations(
  seen: readonly SeenImage[],
  readingOf: (seen: SeenImage) => BoxReading,
): ReadonlySet<string> {
  const suspects = seen.filter(
    (one) => one.result.orientation === 1 && isExchanged(frameOf(one, readingOf(one))),
  );
  const files = [...byCocoFile(suspects).values()].filter((images) => {
    const boxes = images.flatMap((one) => framedBoxes(one, readingOf(one)));
    return (
      boxes.length >= MIN_BOXES &&
      shareBeyond(boxes, 'stated') <= MAX_BEYOND &&
      shareBeyond(boxes, 'file') > MAX_BEYOND
    );
  });
  return new Set(files.flat().map(({ image }) => image.path));
}

/** Warns of images that have lost the rotation that their boxes refer to. */
export function lostRotationFinding(paths: ReadonlySet<string>): DatasetFinding | undefined {
  return warning(
    'IMAGES_NOT_ROTATED',
    paths.size,
    {
      headline:
        'Boxes and sizes in the COCO file refer to images that are rotated by 90°, but the files are not rotated and have no EXIF orientation, so boxes are misplaced.',
      rest: 'The files have probably lost their EXIF orientation. Export again with the original images, or rotate the files as they were labelled.',
    },
    [...paths],
  );
}
