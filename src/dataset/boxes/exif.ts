import { swapsSides } from '../model/orientation.js';
import type { DatasetSettings } from '../model/settings.js';
import type { SeenImage } from './seen-image.js';

/** The image that boxes refer to: the rotated one, which viewers show, or the one as stored in the file. */
export type BoxReading = 'turned' | 'stored';

/** Number of images of a COCO file whose stated sizes show the one or the other reading. */
export interface BoxVotes {
  readonly turned: number;
  readonly stored: number;
}

/**
 * Chooses how the boxes of each image are read. Most annotation tools show the rotated image, so boxes refer to that one;
 * some exporters use the stored image. With `auto`, the COCO width and height of an image decide where they can; other
 * images follow the majority of their COCO file, and `turned` if there is none.
 */
export function boxReadings(
  images: readonly SeenImage[],
  setting: DatasetSettings['exifBoxes'],
): (seen: SeenImage) => BoxReading {
  if (setting !== 'auto') return () => setting;
  const votes = boxVotes(images);
  return (seen) => ownReading(seen) ?? majority(votes.get(seen.image.cocoFile));
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
