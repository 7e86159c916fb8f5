import { z } from 'zod';
import type { RunSettings } from './contracts.js';
import { type DatasetSettings, DEFAULT_DATASET_SETTINGS } from './dataset/settings.js';

/** Everything that can be wrong with settings, reported together. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A setting: its variable, its flag, what it means, how its text is read, and which values it may have. */
interface Setting<T> {
  readonly variable: string;
  readonly flag: string;
  readonly help: string;
  readonly text: z.ZodType<unknown>;
  readonly value: z.ZodType<T>;
}

/** The attempt of a training isn't among them: only --retry-training raises it. */
type Settings = DatasetSettings & Required<Omit<RunSettings, 'trainingAttempt'>>;
type Table = { readonly [K in keyof Settings]: Setting<Settings[K]> };

/** A number written plainly; Number() alone would take '' and '0x10'. */
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
  .regex(/^\d+(\.\d+)?[smh]?$/, 'expected a time such as 90s, 45m or 24h')
  .transform((text) => Number.parseFloat(text) * (text.endsWith('h') ? 3600 : text.endsWith('m') ? 60 : 1));

/** The one list of settings: flags, variables, help and parsing all come from it. */
export const SETTINGS: Table = {
  valSplit: {
    variable: 'VAL_SPLIT',
    flag: 'val-split',
    help: 'share of the images that goes to val, above 0 and below 1',
    text: number,
    value: z.number().gt(0, 'must be above 0').lt(1, 'must be below 1'),
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
    help: 'images a class, at most',
    text: number,
    value: whole.min(1, 'must be 1 or more'),
  },
  minClassImages: {
    variable: 'MIN_CLASS_IMAGES',
    flag: 'min-class-images',
    help: 'a class on fewer images is dropped',
    text: number,
    value: whole.min(1, 'must be 1 or more'),
  },
  minBoxPx: {
    variable: 'MIN_BOX_PX',
    flag: 'min-box-px',
    help: 'a box with a shorter side in the preprocessed image is dropped',
    text: number,
    value: whole.min(1, 'must be 1 or more'),
  },
  maxBoxPerImage: {
    variable: 'MAX_BOX_PER_IMAGE',
    flag: 'max-box-per-image',
    help: 'boxes an image, the largest first; 1 to 50',
    text: number,
    value: whole.min(1, 'must be 1 or more').max(50, 'the service takes at most 50'),
  },
  imageMaxSide: {
    variable: 'IMAGE_MAX_SIDE',
    flag: 'image-max-side',
    help: 'longest side of a preprocessed image in pixels; 64 to 4096',
    text: number,
    value: whole.min(64, 'must be 64 or more').max(4096, 'the service takes at most 4096'),
  },
  exifBoxes: {
    variable: 'EXIF_BOXES',
    flag: 'exif-boxes',
    help: 'what boxes mean where EXIF turns the image: auto, turned or stored',
    text: word,
    value: z.enum(['auto', 'turned', 'stored'], 'expected auto, turned or stored'),
  },
  keepCrowd: {
    variable: 'KEEP_CROWD',
    flag: 'keep-crowd',
    help: 'keep boxes around crowds (iscrowd), which are dropped otherwise: true or false',
    text: boolean,
    value: z.boolean(),
  },
  maxRejectedRatio: {
    variable: 'MAX_REJECTED_RATIO',
    flag: 'max-rejected-ratio',
    help: 'share of unusable images above which the dataset is refused; 0 to 1',
    text: number,
    value: z.number().min(0, 'must be 0 or more').max(1, 'must be 1 or less'),
  },
  seed: {
    variable: 'SEED',
    flag: 'seed',
    help: 'seed of every order that goes by hash',
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
    help: 'internal, or external where another system preprocesses and signals',
    text: word,
    value: z.enum(['internal', 'external'], 'expected internal or external'),
  },
  manifestAccess: {
    variable: 'MANIFEST_ACCESS',
    flag: 'manifest-access',
    help: 'private, or acl to make the manifests public-read as the old system did',
    text: word,
    value: z.enum(['private', 'acl'], 'expected private or acl'),
  },
  requireApproval: {
    variable: 'REQUIRE_APPROVAL',
    flag: 'require-approval',
    help: 'auto (unless the trainer is an emulator), true, false or when-warnings',
    text: word,
    value: z.enum(['auto', 'true', 'false', 'when-warnings'], 'expected auto, true, false or when-warnings'),
  },
  trainingTimeoutSecs: {
    variable: 'TRAINING_TIMEOUT',
    flag: 'training-timeout',
    help: 'how long a training may take, such as 24h',
    text: duration,
    value: z.number().gt(0, 'must be above 0'),
  },
  minF1: {
    variable: 'MIN_F1',
    flag: 'min-f1',
    help: 'a model with a lower F1 ends the run as rejected-by-quality; 0 to 1',
    text: number,
    value: z.number().min(0, 'must be 0 or more').max(1, 'must be 1 or less'),
  },
};

const DEFAULTS: Settings = {
  ...DEFAULT_DATASET_SETTINGS,
  waitPreprocReadySecs: 600,
  preprocess: 'internal',
  manifestAccess: 'private',
  requireApproval: 'auto',
  trainingTimeoutSecs: 24 * 3600,
  minF1: null,
};

export const defaultOf = (name: keyof Settings): string => String(DEFAULTS[name] ?? 'none');

/** Dataset settings in a JSON document, all optional: the same ranges as for flags and variables. */
export const datasetSettingsSchema = z
  .strictObject({
    valSplit: SETTINGS.valSplit.value,
    enableBalance: SETTINGS.enableBalance.value,
    perClassCap: SETTINGS.perClassCap.value,
    minClassImages: SETTINGS.minClassImages.value,
    minBoxPx: SETTINGS.minBoxPx.value,
    maxBoxPerImage: SETTINGS.maxBoxPerImage.value,
    imageMaxSide: SETTINGS.imageMaxSide.value,
    exifBoxes: SETTINGS.exifBoxes.value,
    keepCrowd: SETTINGS.keepCrowd.value,
    maxRejectedRatio: SETTINGS.maxRejectedRatio.value,
    seed: SETTINGS.seed.value,
  })
  .partial();

/**
 * Settings by flag, else variable, else default. `flags` holds texts by setting name.
 * @throws UsageError naming every mistake
 */
export function readSettings(
  flags: Readonly<Record<string, string | undefined>>,
  env: NodeJS.ProcessEnv,
): { dataset: DatasetSettings; run: RunSettings } {
  const mistakes: string[] = [];
  const read = <K extends keyof Settings>(name: K): Settings[K] => {
    const { variable, flag, text: reader, value }: Setting<Settings[K]> = SETTINGS[name];
    const text = flags[name] ?? env[variable];
    if (text === undefined || text === '') return DEFAULTS[name];
    const parsed = reader.pipe(value).safeParse(text);
    if (parsed.success) return parsed.data;
    const source = flags[name] === undefined ? variable : `--${flag}`;
    mistakes.push(`${source}=${text}: ${parsed.error.issues[0]?.message}`);
    return DEFAULTS[name];
  };
  const dataset: DatasetSettings = {
    valSplit: read('valSplit'),
    enableBalance: read('enableBalance'),
    perClassCap: read('perClassCap'),
    minClassImages: read('minClassImages'),
    minBoxPx: read('minBoxPx'),
    maxBoxPerImage: read('maxBoxPerImage'),
    imageMaxSide: read('imageMaxSide'),
    exifBoxes: read('exifBoxes'),
    keepCrowd: read('keepCrowd'),
    maxRejectedRatio: read('maxRejectedRatio'),
    seed: read('seed'),
  };
  const run: RunSettings = {
    waitPreprocReadySecs: read('waitPreprocReadySecs'),
    preprocess: read('preprocess'),
    manifestAccess: read('manifestAccess'),
    requireApproval: read('requireApproval'),
    trainingTimeoutSecs: read('trainingTimeoutSecs'),
    minF1: read('minF1'),
    trainingAttempt: 1,
  };
  mistakes.push(...contradictions(dataset));
  if (mistakes.length > 0) throw new UsageError(mistakes.join('\n'));
  return { dataset, run };
}

/** Settings that are fine each but not together. */
export function contradictions(settings: DatasetSettings): string[] {
  const { enableBalance, perClassCap, minClassImages } = settings;
  if (!enableBalance || perClassCap >= minClassImages) return [];
  return [
    `PER_CLASS_CAP=${perClassCap} is below MIN_CLASS_IMAGES=${minClassImages}: every class would be dropped or cut below its minimum`,
  ];
}
