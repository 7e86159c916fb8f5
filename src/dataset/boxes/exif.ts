import type { DatasetSettings } from '../model/settings.js';
import type { ExifOrientation, LabelledImage, PreprocessedImage, Size } from '../model/types.js';

/** Which picture boxes mean: the one that people see, or the one that is stored. */
export type BoxReading = 'turned' | 'stored';

interface Seen {
  readonly image: LabelledImage;
  readonly result: PreprocessedImage;
}

/** Images of a COCO file that tell by its sizes which picture their boxes mean. */
export interface BoxVotes {
  readonly turned: number;
  readonly stored: number;
}

const swapsSides = (orientation: ExifOrientation) => orientation >= 5;

/** Pixels of the image once it is turned as EXIF says. */
export function uprightSize({ stored, orientation }: PreprocessedImage): Size {
  return swapsSides(orientation) ? { width: stored.height, height: stored.width } : stored;
}

/**
 * Annotation tools show images turned, so boxes mean the turned image; some exporters don't. `auto` lets each
 * image that can be told say by its COCO width and height; for the others the majority of its COCO file
 * holds, and without any votes `turned`.
 */
export function boxReadings(
  images: readonly Seen[],
  setting: DatasetSettings['exifBoxes'],
): (seen: Seen) => BoxReading {
  if (setting !== 'auto') return () => setting;
  const votes = boxVotes(images);
  return (seen) => ownReading(seen) ?? majority(votes.get(seen.image.cocoFile));
}

/** By COCO file; those without a vote are absent. */
export function boxVotes(images: readonly Seen[]): ReadonlyMap<string, BoxVotes> {
  const votes = new Map<string, BoxVotes>();
  for (const seen of images) {
    const vote = ownReading(seen);
    if (!vote) continue;
    const { cocoFile } = seen.image;
    const before = votes.get(cocoFile) ?? { turned: 0, stored: 0 };
    votes.set(cocoFile, { ...before, [vote]: before[vote] + 1 });
  }
  return votes;
}

/** What holds where an image can't be told. */
export function majority(votes: BoxVotes | undefined): BoxReading {
  return votes !== undefined && votes.stored > votes.turned ? 'stored' : 'turned';
}

/** Told by a non-square image whose sides EXIF swaps. */
export function ownReading({ image, result }: Seen): BoxReading | undefined {
  const { stored, orientation } = result;
  const { width, height } = image;
  if (!swapsSides(orientation) || stored.width === stored.height || width === null || height === null) {
    return undefined;
  }
  if (width === height) return undefined;
  return width > height === stored.width > stored.height ? 'stored' : 'turned';
}

interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Moves a box from the stored picture to the upright one (EXIF 2.32, tag 0x0112). */
export function turnBox({ x, y, width, height }: Rect, stored: Size, orientation: ExifOrientation): Rect {
  const fromRight = stored.width - x - width;
  const fromBottom = stored.height - y - height;
  switch (orientation) {
    case 1:
      return { x, y, width, height };
    case 2:
      return { x: fromRight, y, width, height };
    case 3:
      return { x: fromRight, y: fromBottom, width, height };
    case 4:
      return { x, y: fromBottom, width, height };
    case 5:
      return { x: y, y: x, width: height, height: width };
    case 6:
      return { x: fromBottom, y: x, width: height, height: width };
    case 7:
      return { x: fromBottom, y: fromRight, width: height, height: width };
    case 8:
      return { x: y, y: fromRight, width: height, height: width };
  }
}
