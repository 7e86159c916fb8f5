import { z } from 'zod';
import type { RunSettings } from '../contracts/workflow-io.js';
import { SERVICE_LIMITS } from '../dataset/model/service-limits.js';
import { type DatasetSettings, DEFAULT_DATASET_SETTINGS } from '../dataset/model/settings.js';
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

/** A decimal number. Number() alone would accept '' and '0x10'. */
const number = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/, 'expected a number')
  .transform(Number);
const word = z.string();
const whole = z.int('expected a whole number');
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
    value: z.number().gt(0, 'must be above 0').lt(1, 'must be below 1'),
  },
  split: {
    variable: 'SPLIT',
    flag: 'split',
    help: 'curator, or export to keep the split of the export: valid and test become val',
    text: word,
    value: z.enum(['curator', 'export'], 'expected curator or export'),
  },
  enableBalance: {
    variable: 'ENABLE_BALANCE',
    flag: 'enable-balance',
    help: 'drop rare classes and cap frequent ones: true or false',
    text: boolean,
    value: z.boolean(),
  },
  perClassCap: {
    variable: 'PER_CLASS_CAP',
    flag: 'per-class-cap',
    help: 'maximum images per class',
    text: number,
    value: whole.min(1, 'must be 1 or more'),
  },
  minClassImages: {
    variable: 'MIN_CLASS_IMAGES',
    flag: 'min-class-images',
    help: 'classes found in fewer images are dropped',
    text: number,
    value: whole.min(1, 'must be 1 or more'),
  },
  minBoxPx: {
    variable: 'MIN_BOX_PX',
    flag: 'min-box-px',
    help: 'boxes with a side shorter than this in the preprocessed image are dropped',
    text: number,
    value: whole.min(1, 'must be 1 or more'),
  },
  maxBoxPerImage: {
    variable: 'MAX_BOX_PER_IMAGE',
    flag: 'max-box-per-image',
    help: `maximum boxes per image; the largest are kept; 1 to ${SERVICE_LIMITS.boxes}`,
    text: number,
    value: whole
      .min(1, 'must be 1 or more')
      .max(SERVICE_LIMITS.boxes, `must be ${SERVICE_LIMITS.boxes} or less, the maximum of Rekognition`),
  },
  imageMaxSide: {
    variable: 'IMAGE_MAX_SIDE',
    flag: 'image-max-side',
    help: `longest side of a preprocessed image in pixels; ${SERVICE_LIMITS.minSide} to ${SERVICE_LIMITS.maxSide}`,
    text: number,
    value: whole
      .min(SERVICE_LIMITS.minSide, `must be ${SERVICE_LIMITS.minSide} or more`)
      .max(SERVICE_LIMITS.maxSide, `must be ${SERVICE_LIMITS.maxSide} or less, the maximum of Rekognition`),
  },
  stretchContrast: {
    variable: 'STRETCH_CONTRAST',
    flag: 'stretch-contrast',
    help: 'auto stretches the contrast of nearly uniform or nearly black images; off keeps it',
    text: word,
    value: z.enum(['off', 'auto'], 'expected off or auto'),
  },
  exifBoxes: {
    variable: 'EXIF_BOXES',
    flag: 'exif-boxes',
    help: 'orientation that boxes refer to if EXIF rotates the image: auto, turned or stored',
    text: word,
    value: z.enum(['auto', 'turned', 'stored'], 'expected auto, turned or stored'),
  },
  groupBy: {
    variable: 'GROUP_BY',
    flag: 'group-by',
    help: 'regular expression on the path; images with the same text in its first group stay on one side of the split',
    text: word,
    value: z.string().superRefine((text, context) => {
      const problem = text === '' ? undefined : patternProblem(text);
      if (problem !== undefined) context.addIssue({ code: 'custom', message: `the expression ${problem}` });
    }),
  },
  keepCrowd: {
    variable: 'KEEP_CROWD',
    flag: 'keep-crowd',
    help: 'keep boxes of crowds (iscrowd) instead of dropping them: true or false',
    text: boolean,
    value: z.boolean(),
  },
  maxRejectedRatio: {
    variable: 'MAX_REJECTED_RATIO',
    flag: 'max-rejected-ratio',
    help: 'share of unusable images above which the dataset is refused, 0 to 1',
    text: number,
    value: z.number().min(0, 'must be 0 or more').max(1, 'must be 1 or less'),
  },
  seed: {
    variable: 'SEED',
    flag: 'seed',
    help: 'seed for hash-based ordering',
    text: number,
    value: whole,
  },
  waitPreprocReadySecs: {
    variable: 'WAIT_PREPROC_READY_SECS',
    flag: 'wait-preproc-ready-secs',
    help: 'seconds without progress after which preprocessing fails',
    text: number,
    value: whole.min(1, 'must be 1 or more'),
  },
  preprocess: {
    variable: 'PREPROCESS',
    flag: 'preprocess',
    help: 'internal, or external if another system preprocesses and sends the signals',
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
    help: 'auto (required unless the trainer is an emulator), true, false or when-warnings',
    text: word,
    value: z.enum(['auto', 'true', 'false', 'when-warnings'], 'expected auto, true, false or when-warnings'),
  },
  trainingTimeoutSecs: {
    variable: 'TRAINING_TIMEOUT',
    flag: 'training-timeout',
    help: 'maximum duration of a training, in seconds or such as 24h',
    text: duration,
    value: z.number().gt(0, 'must be above 0'),
  },
  minF1: {
    variable: 'MIN_F1',
    flag: 'min-f1',
    help: 'models with a lower F1 are rejected (rejected-by-quality), 0 to 1',
    text: number,
    value: z.number().min(0, 'must be 0 or more').max(1, 'must be 1 or less'),
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
