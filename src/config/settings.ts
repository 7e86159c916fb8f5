import { z } from 'zod';
import type { RunSettings } from '../contracts/workflow-io.js';
import { classMergesProblem } from '../dataset/model/class-merges.js';
import { SERVICE_LIMITS } from '../dataset/model/service-limits.js';
import { type DatasetSettings, DEFAULT_DATASET_SETTINGS } from '../dataset/model/settings.js';
import { MAX_TILES } from '../dataset/model/tiles.js';
import { patternProblem } from '../lib/pattern.js';
import { secondsOf } from './duration.js';

/** A setting: its variable, its flag, its help text, the parser of its text, and the schema of its value. */
export interface Setting<T> {
  readonly variable: string;
  readonly flag: string;
  readonly help: string;
  readonly text: z.ZodType<unknown>;
  readonly value: z.ZodType<T>;
}

/** All settings. `trainingAttempt` is not one of them: only --retry-training increases it. */
export type Settings = DatasetSettings & Required<Omit<RunSettings, 'trainingAttempt'>>;
type Table = { readonly [K in keyof Settings]: Setting<Settings[K]> };

/**
 * A decimal number. Number() alone would accept '' and '0x10'. Another text becomes no number, so that the message of the
 * value says which numbers are accepted.
 */
const number = z.string().transform((text) => (/^-?\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN));
const BETWEEN = 'must be above 0 and below 1';
const word = z.string();
/** A whole number in a range. Its only message states the whole range. */
function whole(min: number, max?: number, reason = '') {
  const range = max === undefined ? `, ${min} or more` : ` from ${min} to ${max}`;
  const message = `must be a whole number${range}${reason}`;
  const schema = z.int(message).min(min, message);
  return max === undefined ? schema : schema.max(max, message);
}
/** A share in a range that includes its limits. */
const share = z
  .number('must be a number from 0 to 1')
  .min(0, 'must be from 0 to 1')
  .max(1, 'must be from 0 to 1');
const boolean = z
  .string()
  .toLowerCase()
  .pipe(z.enum(['true', 'false', '1', '0'], 'expected true or false'))
  .transform((text) => text === 'true' || text === '1');
const duration = z
  .string()
  .transform(secondsOf)
  .pipe(z.number('expected a duration such as 90s, 45m or 24h'));

/** The only list of settings: flags, variables, the configuration file, help texts and parsing are derived from it. */
export const SETTINGS: Table = {
  valSplit: {
    variable: 'VAL_SPLIT',
    flag: 'val-split',
    help: 'share of the images in the validation split, above 0 and below 1',
    text: number,
    value: z.number('must be a number above 0 and below 1').gt(0, BETWEEN).lt(1, BETWEEN),
  },
  split: {
    variable: 'SPLIT',
    flag: 'split',
    help: 'curator, or export to keep the split of the export: its valid and test images become validation images',
    text: word,
    value: z.enum(['curator', 'export'], 'expected curator or export'),
  },
  enableBalance: {
    variable: 'ENABLE_BALANCE',
    flag: 'enable-balance',
    help: 'class balancing: drop rare classes and limit frequent ones; true or false',
    text: boolean,
    value: z.boolean(),
  },
  perClassCap: {
    variable: 'PER_CLASS_CAP',
    flag: 'per-class-cap',
    help: 'maximum images per class, 1 or more',
    text: number,
    value: whole(1),
  },
  minClassImages: {
    variable: 'MIN_CLASS_IMAGES',
    flag: 'min-class-images',
    help: 'classes found in fewer images are dropped; 1 or more',
    text: number,
    value: whole(1),
  },
  minBoxPx: {
    variable: 'MIN_BOX_PX',
    flag: 'min-box-px',
    help: 'boxes with a shorter side, in pixels of the preprocessed image, are dropped; 1 or more',
    text: number,
    value: whole(1),
  },
  maxBoxPerImage: {
    variable: 'MAX_BOX_PER_IMAGE',
    flag: 'max-box-per-image',
    help: `maximum boxes per image, 1 to ${SERVICE_LIMITS.boxes}; the largest are kept`,
    text: number,
    value: whole(1, SERVICE_LIMITS.boxes, ', the maximum of Rekognition'),
  },
  imageMaxSide: {
    variable: 'IMAGE_MAX_SIDE',
    flag: 'image-max-side',
    help: `maximum side of a preprocessed image, or with TILES of a tile, ${SERVICE_LIMITS.minSide} to ${SERVICE_LIMITS.maxSide} pixels; larger images are reduced`,
    text: number,
    value: whole(SERVICE_LIMITS.minSide, SERVICE_LIMITS.maxSide, ', the limits of Rekognition'),
  },
  tiles: {
    variable: 'TILES',
    flag: 'tiles',
    help: `tiles along each side of a photo, for small objects: the photo and its overlapping tiles are trained on, and detection uses both; 1 for none, up to ${MAX_TILES}`,
    text: number,
    value: whole(1, MAX_TILES),
  },
  stretchContrast: {
    variable: 'STRETCH_CONTRAST',
    flag: 'stretch-contrast',
    help: 'auto stretches the contrast of nearly uniform or nearly black images; off changes no contrast',
    text: word,
    value: z.enum(['off', 'auto'], 'expected off or auto'),
  },
  exifBoxes: {
    variable: 'EXIF_BOXES',
    flag: 'exif-boxes',
    help: 'what boxes were drawn on if EXIF rotates the image: turned (the rotated image), stored (the image as it is stored), or auto (found from sizes and boxes)',
    text: word,
    value: z.enum(['auto', 'turned', 'stored'], 'expected auto, turned or stored'),
  },
  groupBy: {
    variable: 'GROUP_BY',
    flag: 'group-by',
    help: 'regular expression on the path; images with the same text in its first group stay on one side of the split, for example all images of a patient',
    text: word,
    value: z.string().superRefine((text, context) => {
      const problem = text === '' ? undefined : patternProblem(text);
      if (problem !== undefined) context.addIssue({ code: 'custom', message: `the expression ${problem}` });
    }),
  },
  keepCrowd: {
    variable: 'KEEP_CROWD',
    flag: 'keep-crowd',
    help: 'keep boxes around groups of objects (iscrowd in COCO) instead of dropping them; true or false',
    text: boolean,
    value: z.boolean(),
  },
  mergeClasses: {
    variable: 'MERGE_CLASSES',
    flag: 'merge',
    help: 'give several classes one name, such as nodule,papule=lesion; separate several with a semicolon, and write a backslash before , ; = in a name',
    text: word,
    value: z.string().superRefine((text, context) => {
      const problem = classMergesProblem(text);
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
    }),
  },
  maxRejectedRatio: {
    variable: 'MAX_REJECTED_RATIO',
    flag: 'max-rejected-ratio',
    help: 'maximum share of unusable images, 0 to 1; a dataset above it is refused',
    text: number,
    value: share,
  },
  seed: {
    variable: 'SEED',
    flag: 'seed',
    help: 'seed for hash-based ordering; another whole number chooses other images',
    text: number,
    value: z.int('must be a whole number'),
  },
  waitPreprocReadySecs: {
    variable: 'WAIT_PREPROC_READY_SECS',
    flag: 'wait-preproc-ready-secs',
    help: 'seconds without progress after which preprocessing fails, 1 or more',
    text: number,
    value: whole(1),
  },
  preprocess: {
    variable: 'PREPROCESS',
    flag: 'preprocess',
    help: 'internal, or external if another system preprocesses the images and sends the signals',
    text: word,
    value: z.enum(['internal', 'external'], 'expected internal or external'),
  },
  manifestAccess: {
    variable: 'MANIFEST_ACCESS',
    flag: 'manifest-access',
    help: 'private, or acl to make the manifests public-read',
    text: word,
    value: z.enum(['private', 'acl'], 'expected private or acl'),
  },
  requireApproval: {
    variable: 'REQUIRE_APPROVAL',
    flag: 'require-approval',
    help: 'whether a training waits for approval: auto (unless the emulator trains), true, false or when-warnings',
    text: word,
    value: z.enum(['auto', 'true', 'false', 'when-warnings'], 'expected auto, true, false or when-warnings'),
  },
  trainingTimeoutSecs: {
    variable: 'TRAINING_TIMEOUT',
    flag: 'training-timeout',
    help: 'maximum duration of a training, above 0, such as 90m or 24h; a number without a unit is in seconds',
    text: duration,
    value: z.number().gt(0, 'must be above 0'),
  },
  minF1: {
    variable: 'MIN_F1',
    flag: 'min-f1',
    help: 'minimum F1 of the model, 0 to 1; a run with a lower F1 ends as rejected-by-quality',
    text: number,
    value: share,
  },
};

export const DEFAULTS: Settings = {
  ...DEFAULT_DATASET_SETTINGS,
  waitPreprocReadySecs: 600,
  preprocess: 'internal',
  manifestAccess: 'private',
  requireApproval: 'auto',
  trainingTimeoutSecs: 24 * 3600,
  minF1: null,
};

export const SETTING_NAMES = Object.keys(SETTINGS) as (keyof Settings)[];
export const isDatasetSetting = (name: keyof Settings): name is keyof DatasetSettings =>
  Object.hasOwn(DEFAULT_DATASET_SETTINGS, name);

type Schemas<K extends keyof Settings> = { [N in K]: z.ZodOptional<Table[N]['value']> };

function optional<K extends keyof Settings>(names: readonly K[]): Schemas<K> {
  return Object.fromEntries(names.map((name) => [name, SETTINGS[name].value.optional()])) as Schemas<K>;
}

/** Dataset settings in a JSON document. All are optional and have the same ranges as flags and variables. */
export const datasetSettingsSchema = z.strictObject(optional(SETTING_NAMES.filter(isDatasetSetting)));

/** The content of `curator.config.json`. */
export const configFileSchema = z.strictObject({
  $schema: z.string().optional(),
  ...optional(SETTING_NAMES),
});

/** The JSON Schema of `curator.config.json`, published for editors as docs/curator.config.schema.json. */
export function configJsonSchema(): object {
  return z.toJSONSchema(configFileSchema, { io: 'input', target: 'draft-2020-12' });
}
