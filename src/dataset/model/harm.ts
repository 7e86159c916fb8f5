import { byCodePoint } from '../../lib/order.js';
import type { DatasetFinding } from './findings.js';

/** Warnings from the most to the least harmful: wrong scores, wrong boxes or labels, lost data, then notes. */
const BY_HARM: readonly string[] = [
  // Scores are higher than the model's real quality, or too uncertain to use.
  'SPLIT_LEAKS',
  'BOXES_WHOLE_IMAGE',
  'FEW_VAL_IMAGES',
  'FEW_TEST_IMAGES',
  'FEW_TEST_BOXES',
  // The model learns wrong boxes or labels.
  'IMAGE_IDS_SHIFTED',
  'CATEGORY_IDS_SHIFTED',
  'FILES_SHIFTED',
  'IMAGE_NAMES_CONTRADICT',
  'CATEGORY_NAMES_CONTRADICT',
  'BOX_MEMBERS_CONTRADICT',
  'COCO_FILES_DISAGREE',
  'LABEL_FILES_DISAGREE',
  'BOXES_PREDICTED',
  'BOXES_IN_OTHER_CONVENTION',
  'RECORDS_EXCHANGED',
  'IMAGES_NOT_ROTATED',
  'IMAGES_OVERWRITTEN',
  'BOXES_ON_ONE_PLACE',
  'BOXES_IN_CORNER',
  'COPIES_BOXES_DISAGREE',
  'BOXES_NOT_MOVED',
  'BOXES_DOUBLED',
  'SIZE_MISMATCH',
  'SIZES_AMBIGUOUS',
  'COCO_SIZES_DIFFER',
  'MANY_BOXES_LOST',
  'SPLITS_UNLABELLED',
  'COCO_FILES_UNLABELLED',
  'COCO_IMAGES_ABSENT',
  'MANY_OF_DROPPED_CLASSES',
  'MANY_IMAGES_EMPTIED',
  'LABELS_ALIKE_DROPPED',
  'EXIF_BOXES_AMBIGUOUS',
  'EXIF_BOXES_DIVIDED',
  'BOXES_DISAGREE_WITH_SHAPES',
  'ROTATIONS_NOT_APPLIED',
  'BOXES_ROTATED',
  'BOXES_CONVERTED',
  'BOX_FORMATS_UNKNOWN',
  'BOXES_SWAPPED',
  'SHAPES_CONVERTED',
  'SHAPES_EXCHANGED',
  'BOXES_CENTRED',
  'BOXES_MIXED',
  'COPIES_DISAGREE',
  'IMAGES_PARTLY_UNLABELLED',
  'BOXES_CUT',
  'BOXES_BEYOND_IMAGE',
  'EXIF_BOXES_STORED',
  'SIZES_FROM_FILES',
  'BOXES_IN_TWO_CLASSES',
  'LABELS_ALIKE',
  'LABELS_MISREAD',
  'BOXES_OUTLYING',
  // The model learns little from some images.
  'LOW_CONTRAST_IMAGES',
  // The model learns little about some classes.
  'FEW_TRAIN_IMAGES',
  'LABELS_IMBALANCED',
  'CLASSES_OF_COPIES',
  'FEW_PHOTOS',
  'ONE_LABEL',
];

const AFTER_ALL_OTHERS = [
  'TILES_WITHOUT_DETAIL',
  'GROUP_BY_UNMATCHED',
  'EXPORT_SPLIT_LEAKS',
  'VAL_BELOW_SHARE',
  'GROUPS_TOO_LARGE',
  'IDS_REWRITTEN',
  'LABELS_JOINED',
  'LABELS_EMPTY',
  'LABEL_FILES_UNUSED',
];

const rankOf = (code: string): number => {
  const [harm, note] = [BY_HARM.indexOf(code), AFTER_ALL_OTHERS.indexOf(code)];
  if (harm >= 0) return harm;
  // Codes that are in neither list, such as those of lost data, come in between.
  return note < 0 ? BY_HARM.length : BY_HARM.length + 1 + note;
};

/** Whether a warning with the code `one` is less harmful than one with the code `other`. */
export const isLessHarmful = (one: string, other: string): boolean => rankOf(one) > rankOf(other);

/** The findings with errors first, then warnings from the most to the least harmful; equal ones by code. */
export function sortByHarm(findings: readonly DatasetFinding[]): DatasetFinding[] {
  return [...findings].sort(
    (a, b) =>
      Number(b.severity === 'error') - Number(a.severity === 'error') ||
      rankOf(a.code) - rankOf(b.code) ||
      byCodePoint(a.code, b.code),
  );
}
