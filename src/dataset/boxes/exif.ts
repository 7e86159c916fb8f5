import { swapsSides } from '../model/orientation.js';
import type { DatasetSettings } from '../model/settings.js';
import type { LabelledImage, PreprocessedImage } from '../model/types.js';

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
