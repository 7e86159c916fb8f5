import type { ImageCounts } from './counts.js';

/** The reasons for which usable images are in no manifest, as terminal, page and report name them. */
export const LEFT_NAMES: Readonly<Record<keyof ImageCounts['left'], string>> = {
  balancedAway: 'excluded by class balancing (PER_CLASS_CAP)',
  neverAnnotated: 'never annotated',
  emptiedByBoxRules: 'without usable boxes',
  emptiedByClassDrop: 'with dropped classes only (MIN_CLASS_IMAGES)',
};

/** The reasons for which boxes are dropped, by their codes in `AnnotationCounts.dropped`. */
const DROP_NAMES: Readonly<Record<string, string>> = {
  'class-dropped': 'of dropped classes (MIN_CLASS_IMAGES)',
  crowd: 'around groups of objects (KEEP_CROWD=false)',
  deleted: 'marked as deleted',
  duplicate: 'duplicates of other boxes',
  'empty-box': 'with an empty box',
  'image-balanced-away': 'in images excluded by class balancing (PER_CLASS_CAP)',
  'image-rejected': 'in rejected images',
  'invalid-box': 'with an invalid box',
  'over-max-boxes': 'beyond MAX_BOX_PER_IMAGE',
  panoptic: 'panoptic segments',
  'too-small': 'smaller than MIN_BOX_PX',
  outside: 'outside the image',
  'unknown-category': 'of an undefined category',
  'unknown-image': 'of an unknown image id',
};

/** The reason for which boxes are dropped, as terminal and report name it; the code itself if it has no name. */
export const dropName = (code: string): string => DROP_NAMES[code] ?? code;
