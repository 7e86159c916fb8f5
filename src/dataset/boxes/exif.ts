import { areOfOneExport } from '../model/one-export.js';
import type { DatasetSettings } from '../model/settings.js';
import { type ExifConflict, exifEvidence, ownReading } from './exif-evidence.js';
import type { BoxReading, SeenImage } from './seen-image.js';

/**
 * Number of images of a COCO file whose stated sizes or boxes show the one or the other reading; those of the other files
 * of its export if it has none.
 */
export interface BoxVotes {
  readonly turned: number;
  readonly stored: number;
}

/** How the boxes of all images are read. */
export interface BoxReadings {
  readonly of: (seen: SeenImage) => BoxReading;
  /** The reading that the image's own size, or the boxes of its COCO file, show; undefined if neither does. */
  readonly shownBy: (seen: SeenImage) => BoxReading | undefined;
  /** By COCO file; files without a vote are absent. */
  readonly votes: ReadonlyMap<string, BoxVotes>;
  /** Paths of images that are read as stored because of their boxes alone. */
  readonly storedByBoxes: readonly string[];
  readonly conflicts: readonly ExifConflict[];
}

/**
 * Chooses how the boxes of each image are read. Most annotation tools show the rotated image, so boxes refer to that one;
 * some exporters use the stored image. With `auto`, the COCO width and height of an image decide if they differ from
 * each other; other images follow the majority of their COCO file, and `turned` if there is none. Boxes that fit only
 * one of the readings outweigh the sizes.
 */
export function boxReadings(
  images: readonly SeenImage[],
  setting: DatasetSettings['exifBoxes'],
): BoxReadings {
  const sizeVotes = boxVotes(images, ownReading);
  if (setting !== 'auto') {
    return { of: () => setting, shownBy: ownReading, votes: sizeVotes, storedByBoxes: [], conflicts: [] };
  }
  const bySizes = (seen: SeenImage) => ownReading(seen) ?? majority(sizeVotes.get(seen.image.cocoFile));
  const { shown, conflicts } = exifEvidence(images, bySizes);
  const shownBy = (seen: SeenImage) => shown.get(seen.image.path) ?? ownReading(seen);
  const votes = boxVotes(images, shownBy);
  return {
    of: (seen) => shownBy(seen) ?? majority(votes.get(seen.image.cocoFile)),
    shownBy,
    votes,
    storedByBoxes: images
      .filter((seen) => shown.get(seen.image.path) === 'stored' && bySizes(seen) === 'turned')
      .map(({ image }) => image.path),
    conflicts,
  };
}

/** The votes per COCO file; files without a vote are absent. */
function boxVotes(
  images: readonly SeenImage[],
  voteOf: (seen: SeenImage) => BoxReading | undefined,
): ReadonlyMap<string, BoxVotes> {
  const votes = new Map<string, BoxVotes>();
  const files = new Set(images.map(({ image }) => image.cocoFile));
  for (const seen of images) {
    const vote = voteOf(seen);
    if (!vote) continue;
    const { cocoFile } = seen.image;
    const before = votes.get(cocoFile) ?? { turned: 0, stored: 0 };
    votes.set(cocoFile, { ...before, [vote]: before[vote] + 1 });
  }
  const shared = [...files].flatMap((file): [string, BoxVotes][] => {
    const all = votes.has(file) ? undefined : unanimous(file, votes);
    return all ? [[file, all]] : [];
  });
  return new Map([...votes, ...shared]);
}

/** The votes of the other COCO files of an export, if all of them show one reading. */
function unanimous(file: string, votes: ReadonlyMap<string, BoxVotes>): BoxVotes | undefined {
  const others = [...votes].flatMap(([other, own]) => (areOfOneExport(other, file) ? [own] : []));
  const turned = others.reduce((sum, own) => sum + own.turned, 0);
  const stored = others.reduce((sum, own) => sum + own.stored, 0);
  return turned > 0 === stored > 0 ? undefined : { turned, stored };
}

/** The reading of images for which neither sizes nor boxes show it. */
export function majority(votes: BoxVotes | undefined): BoxReading {
  return votes !== undefined && votes.stored > votes.turned ? 'stored' : 'turned';
}
