/** The page's name of each setting, by the variable that messages use. */
export const SETTING_LABELS = {
  VAL_SPLIT: 'Validation split',
  SPLIT: 'Source of the split',
  ENABLE_BALANCE: 'Class balancing',
  PER_CLASS_CAP: 'Maximum images per class',
  MIN_CLASS_IMAGES: 'Minimum images per class',
  MIN_BOX_PX: 'Minimum box side in pixels',
  MAX_BOX_PER_IMAGE: 'Maximum boxes per image',
  IMAGE_MAX_SIDE: 'Maximum image side in pixels',
  TILES: 'Tiles along each side of a photo',
  STRETCH_CONTRAST: 'Stretch the contrast of dark images',
  EXIF_BOXES: 'Boxes of rotated images',
  GROUP_BY: 'Keep together',
  KEEP_CROWD: 'Boxes around groups of objects',
  MERGE_CLASSES: 'Merge classes',
  MAX_REJECTED_RATIO: 'Maximum share of rejected images',
  SEED: 'Seed',
  WAIT_PREPROC_READY_SECS: 'Preprocessing timeout',
  PREPROCESS: 'Preprocessing system',
  MANIFEST_ACCESS: 'Manifest access',
  REQUIRE_APPROVAL: 'Approval',
  TRAINING_TIMEOUT: 'Training timeout',
  MIN_F1: 'Minimum F1',
} as const;

const LABELS: ReadonlyMap<string, string> = new Map(Object.entries(SETTING_LABELS));
const VARIABLES = new RegExp(`\\b(${[...LABELS.keys()].join('|')})\\b(=?)`, 'g');

/** The page's name of a setting by its name in documents, such as `perClassCap`. */
export function settingLabel(name: string): string {
  const variable = name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
  return LABELS.get(variable) ?? name;
}

/** A message with the variables of settings replaced by the page's labels, such as “Minimum images per class” = 40. */
export const inLabels = (message: string): string =>
  message.replace(
    VARIABLES,
    (_, variable: string, equals: string) => `“${LABELS.get(variable)}”${equals === '' ? '' : ' = '}`,
  );
