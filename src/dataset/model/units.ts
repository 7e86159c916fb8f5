/** What the count of a finding counts. `groups` are sets of images or names that belong together. */
export const UNITS = ['images', 'boxes', 'classes', 'files', 'annotations', 'groups'] as const;
export type Unit = (typeof UNITS)[number];

/** The codes of findings by the unit of their counts. */
const CODES: Readonly<Record<Unit, readonly string[]>> = {
  images: [
    'BALANCE_LEFT_OUT',
    'BOXES_CENTRED',
    'BOXES_CUT',
    'BOXES_IN_TWO_CLASSES',
    'BOXES_NOT_MOVED',
    'COCO_FILES_DISAGREE',
    'COCO_SIZES_DIFFER',
    'COCO_FILES_UNLABELLED',
    'COPIES_BOXES_DISAGREE',
    'EXIF_BOXES_AMBIGUOUS',
    'EXIF_BOXES_STORED',
    'EXPORT_SPLIT_LEAKS',
    'FILE_NAMES_DIFFER',
    'FEW_PHOTOS',
    'FEW_VAL_IMAGES',
    'FILES_SHIFTED',
    'GROUP_BY_UNMATCHED',
    'IMAGES_PARTLY_UNLABELLED',
    'IMAGES_REJECTED',
    'IMAGES_NOT_ROTATED',
    'RECORDS_EXCHANGED',
    'IMAGES_OVERWRITTEN',
    'IMAGES_UNLISTED',
    'IMAGE_RECORDS_REPEATED',
    'IMAGE_RECORDS_UNUSABLE',
    'LABELS_ALIKE_DROPPED',
    'LOW_CONTRAST_IMAGES',
    'MANY_IMAGES_EMPTIED',
    'MANY_IMAGES_UNLISTED',
    'MANY_NEVER_ANNOTATED',
    'SHAPES_EXCHANGED',
    'SIZES_AMBIGUOUS',
    'SIZES_FROM_FILES',
    'SIZE_MISMATCH',
    'SPLITS_UNLABELLED',
    'SPLIT_LEAKS',
    'TILES_WITHOUT_DETAIL',
    'VAL_BELOW_SHARE',
    'NoUsableImages',
    'TooManyRejectedImages',
  ],
  boxes: [
    'BOXES_BEYOND_IMAGE',
    'BOXES_DOUBLED',
    'BOXES_IN_CORNER',
    'BOXES_IN_OTHER_CONVENTION',
    'BOXES_ON_ONE_PLACE',
    'BOXES_OUTLYING',
    'BOXES_TOO_SMALL',
    'BOXES_WHOLE_IMAGE',
  ],
  classes: [
    'BOXES_MIXED',
    'CATEGORIES_NAMED_BY_SUPERCATEGORY',
    'CATEGORIES_NUMBERED',
    'CATEGORIES_REPEATED',
    'CATEGORIES_WITHOUT_ID',
    'CLASSES_DROPPED',
    'CLASSES_OF_COPIES',
    'CLASSES_ONLY_IN_VAL',
    'FEW_TEST_BOXES',
    'FEW_TEST_IMAGES',
    'FEW_TRAIN_IMAGES',
    'LABELS_EMPTY',
    'LABELS_IMBALANCED',
    'LABELS_MISREAD',
    'MANY_TEST_IMAGES',
    'ONE_LABEL',
    'NoClassLeft',
  ],
  files: [
    'ARCHIVES_NESTED',
    'BOX_FORMATS_UNKNOWN',
    'COCO_FILES_SKIPPED',
    'ENTRIES_SKIPPED',
    'EXIF_BOXES_DIVIDED',
    'LABEL_FILES_DISAGREE',
    'LABEL_FILES_UNUSED',
  ],
  annotations: [
    'ANNOTATIONS_WITHOUT_IMAGE',
    'BOXES_CONVERTED',
    'BOXES_CROWD',
    'BOXES_DELETED',
    'BOXES_DISAGREE_WITH_SHAPES',
    'BOXES_EMPTY',
    'BOXES_FROM_SHAPES',
    'BOXES_INVALID',
    'BOXES_MARKED',
    'BOXES_OUTSIDE',
    'BOXES_PANOPTIC',
    'BOXES_PREDICTED',
    'BOXES_REPEATED',
    'BOXES_ROTATED',
    'BOXES_SWAPPED',
    'BOX_MEMBERS_CONTRADICT',
    'CATEGORY_NAMES_CONTRADICT',
    'COCO_IMAGES_ABSENT',
    'CATEGORY_IDS_SHIFTED',
    'IDS_REWRITTEN',
    'IMAGE_IDS_SHIFTED',
    'IMAGE_NAMES_CONTRADICT',
    'LABELS_UNDEFINED',
    'MANY_BOXES_LOST',
    'MANY_OF_DROPPED_CLASSES',
    'ROTATIONS_NOT_APPLIED',
    'SHAPES_CONVERTED',
  ],
  groups: ['COPIES_DISAGREE', 'GROUPS_TOO_LARGE', 'LABELS_ALIKE', 'LABELS_JOINED'],
};

const UNIT_OF: ReadonlyMap<string, Unit> = new Map(
  UNITS.flatMap((unit) => CODES[unit].map((code) => [code, unit] as const)),
);

/** The unit of a finding's count as a field; no field for codes whose count says nothing, such as `ArchiveUnreadable`. */
export function unitField(code: string): { readonly unit?: Unit } {
  const unit = UNIT_OF.get(code);
  return unit === undefined ? {} : { unit };
}

const NOUNS: Readonly<Record<Unit, string>> = {
  images: 'image',
  boxes: 'box',
  classes: 'class',
  files: 'file',
  annotations: 'annotation',
  groups: 'group',
};

/** The noun for the count of a finding, in the singular; undefined if a count of one says nothing. */
export function nounOf({
  count,
  unit,
}: {
  readonly count: number;
  readonly unit?: Unit;
}): string | undefined {
  if (unit !== undefined) return NOUNS[unit];
  return count > 1 ? 'case' : undefined;
}
