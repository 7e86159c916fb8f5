import { byCodePoint } from '../../lib/order.js';
import { plural } from '../../lib/plural.js';
import type { ImageCounts, TileCounts } from './counts.js';
import type { RejectionReason } from './types.js';

/** The reasons for which usable images are in no manifest, as terminal, page and report name them. */
export const LEFT_NAMES: Readonly<Record<keyof ImageCounts['left'], string>> = {
  balancedAway: 'excluded by class balancing (PER_CLASS_CAP)',
  neverAnnotated: 'never annotated',
  emptiedByBoxRules: 'without usable boxes',
  emptiedByClassDrop: 'with dropped classes only (MIN_CLASS_IMAGES)',
};

/** The reasons for which boxes are dropped, by their codes in `AnnotationCounts.dropped`. Each continues a number of boxes. */
const DROP_NAMES: Readonly<Record<string, string>> = {
  'class-dropped': 'of dropped classes (MIN_CLASS_IMAGES)',
  crowd: 'around groups of objects (iscrowd with KEEP_CROWD=false)',
  deleted: 'marked as deleted',
  duplicate: 'duplicates of other boxes',
  'empty-box': 'with a width or height of zero or below',
  'image-balanced-away': 'in images excluded by class balancing (PER_CLASS_CAP)',
  'image-rejected': 'in rejected images',
  'invalid-box': 'without a readable bbox or segmentation',
  'over-max-boxes': 'beyond MAX_BOX_PER_IMAGE',
  panoptic: 'panoptic segments',
  'too-small': 'smaller than MIN_BOX_PX',
  outside: 'outside the image',
  'unknown-category': 'of an undefined category',
  'unknown-image': 'of an unknown image id',
};

/** The reason for which boxes are dropped, as terminal and report name it; the code itself if it has no name. */
export const dropName = (code: string): string => DROP_NAMES[code] ?? code;

/** The counts of dropped boxes with their reasons: `60 marked as deleted, 3 outside the image`. */
export const droppedText = (dropped: Readonly<Record<string, number>>): string =>
  Object.entries(dropped)
    .map(([code, count]) => `${count} ${dropName(code)}`)
    .join(', ');

/** The reasons for which images are rejected. Each continues a number of images. */
const REJECTION_NAMES: Readonly<Record<RejectionReason, string>> = {
  'missing-in-archive': 'not in the archive',
  'crc-mismatch': 'damaged in the ZIP',
  'unsupported-format': 'in a format that is not supported',
  undecodable: 'damaged and cannot be decoded',
  'too-small': 'too small',
  'too-large': 'too large',
  'too-costly': 'too costly to decode',
  'aspect-ratio': 'too long and narrow',
};

/** The counts of rejected images with their reasons, sorted by code: `2 not in the archive, 1 too small`. */
export function rejectedText(rejected: readonly { readonly reason: RejectionReason }[]): string {
  const counts = new Map<RejectionReason, number>();
  for (const { reason } of rejected) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .sort(([a], [b]) => byCodePoint(a, b))
    .map(([reason, count]) => `${count} ${REJECTION_NAMES[reason]}`)
    .join(', ');
}

/** What TILES added to the photos: `812 train, 90 val; left out: 718 tiles without boxes`. */
export function tilesText({ train, val, withoutBoxes, uncutPhotos }: TileCounts): string {
  const left = [
    ...(withoutBoxes > 0 ? [`${plural(withoutBoxes, 'tile')} without boxes left out`] : []),
    ...(uncutPhotos > 0 ? [`${plural(uncutPhotos, 'photo')} too small to cut`] : []),
  ];
  return [`${train} train, ${val} val beside the photos`, ...left].join('; ');
}
