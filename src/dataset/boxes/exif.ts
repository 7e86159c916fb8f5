import { swapsSides } from '../model/orientation.js';
import type { DatasetSettings } from '../model/settings.js';
import { byCocoFile, framedBoxes, MAX_BEYOND, MIN_BEYOND, shareBeyond } from './framed-boxes.js';
import type { BoxReading, SeenImage } from './seen-image.js';

/** Number of images of a COCO file whose stated sizes show the one or the other reading. */
export interface BoxVotes {
  readonly turned: number;
  readonly stored: number;
}

/**
 * Chooses how the boxes of each image are read. Most annotation tools show the rotated image, so boxes refer to that one;
 * some exporters use the stored image. With `auto`, the COCO width and height of an image decide if they differ from
 * each other; other images follow the majority of their COCO file, and `turned` if there is none. Boxes that fit only
 * the rotated image outweigh the sizes.
 */
export function boxReadings(
  images: readonly SeenImage[],
  setting: DatasetSettings['exifBoxes'],
): (seen: SeenImage) => BoxReading {
  if (setting !== 'auto') return () => setting;
  const votes = boxVotes(images);
  const bySizes = (seen: SeenImage) => ownReading(seen) ?? majority(votes.get(seen.image.cocoFile));
  const turned = turnedByBoxes(images, bySizes);
  return (seen) => (turned.has(seen.image.path) ? 'turned' : bySizes(seen));
}

/**
 * Finds images whose sizes show the stored reading, but whose boxes reach beyond the stored image and fit the rotated
 * one: some converters state the stored size though boxes refer to the rotated image. Each COCO file is decided as a
 * whole. Returns the paths of these images.
 */
function turnedByBoxes(
  images: readonly SeenImage[],
  bySizes: (seen: SeenImage) => BoxReading,
): ReadonlySet<string> {
  const stored = images.filter((one) => swapsSides(one.result.orientation) && bySizes(one) === 'stored');
  const turned = [...byCocoFile(stored).values()].filter((own) => {
    const boxesIn = (reading: BoxReading) => own.flatMap((one) => framedBoxes(one, reading));
    return (
      shareBeyond(boxesIn('stored'), 'stated') >= MIN_BEYOND &&
      shareBeyond(boxesIn('turned'), 'file') <= MAX_BEYOND
    );
  });
  return new Set(turned.flat().map(({ image }) => image.path));
}

/** The votes per COCO file; files without a vote are absent. */
export function boxVotes(images: readonly SeenImage[]): ReadonlyMap<string, BoxVotes> {
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

/** The reading of images whose own sizes do not show it. */
export function majority(votes: BoxVotes | undefined): BoxReading {
  return votes !== undefined && votes.stored > votes.turned ? 'stored' : 'turned';
}

/** The reading that an image's own sizes show; undefined unless EXIF exchanges the sides of a non-square image. */
export function ownReading({ image, result }: SeenImage): BoxReading | undefined {
  const { stored, orientation } = result;
  const { width, height } = image;
  if (!swapsSides(orientation) || stored.width === stored.height || width === null || height === null) {
    return undefined;
  }
  if (width === height) return undefined;
  return width > height === stored.width > stored.height ? 'stored' : 'turned';
}
