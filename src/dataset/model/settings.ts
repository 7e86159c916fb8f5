/** Settings that decide which bytes come out; they are part of the dataset version. Names in the environment in brackets. */
export interface DatasetSettings {
  /** [VAL_SPLIT] Share of the images that goes to val: `floor(n * valSplit)` on the decimal value. 0 < valSplit < 1. */
  readonly valSplit: number;
  /** [SPLIT] Who says which images are val: `curator` by valSplit, or the `export` by its folders and COCO files. */
  readonly split: 'curator' | 'export';
  /** [ENABLE_BALANCE] Whether rare classes are dropped and frequent ones capped. */
  readonly enableBalance: boolean;
  /** [PER_CLASS_CAP] Images a class, at most; not below `minClassImages`. */
  readonly perClassCap: number;
  /** [MIN_CLASS_IMAGES] A class on fewer images than this is dropped. */
  readonly minClassImages: number;
  /** [MIN_BOX_PX] A box with a side below this many pixels of the preprocessed image is dropped. */
  readonly minBoxPx: number;
  /** [MAX_BOX_PER_IMAGE] Boxes an image, the largest first. At most 50, the service's own limit. */
  readonly maxBoxPerImage: number;
  /** [IMAGE_MAX_SIDE] Longest side of a preprocessed image in pixels, 64 to 4096. */
  readonly imageMaxSide: number;
  /** [EXIF_BOXES] Whether boxes mean the turned or the stored image where EXIF says that it is turned. */
  readonly exifBoxes: 'auto' | 'turned' | 'stored';
  /** [KEEP_CROWD] Whether boxes around crowds (`iscrowd`) count as boxes of one object; else they are dropped. */
  readonly keepCrowd: boolean;
  /** [MAX_REJECTED_RATIO] Share of unusable images above which the dataset is refused. */
  readonly maxRejectedRatio: number;
  /** [SEED] Seed of every order that is "by hash". */
  readonly seed: number;
}

/** The defaults of the system that Curator replaces, and ours where it had none. */
export const DEFAULT_DATASET_SETTINGS: DatasetSettings = {
  valSplit: 0.1,
  split: 'curator',
  enableBalance: true,
  perClassCap: 90,
  minClassImages: 40,
  minBoxPx: 6,
  maxBoxPerImage: 50,
  imageMaxSide: 1280,
  exifBoxes: 'auto',
  keepCrowd: false,
  maxRejectedRatio: 0.2,
  seed: 0,
};

/** The settings that change what is read of COCO files. */
export type ReadingSettings = Pick<DatasetSettings, 'keepCrowd'>;

/** The settings that change what a preprocessed image looks like; a change of the others reuses the images. */
export type ImageSettings = Pick<DatasetSettings, 'imageMaxSide'>;

/** Raised by hand when a rule of curating changes, so that the same archive gets a new dataset version. */
export const RULES_VERSION = 2;

/** Raised by hand when the encoding of preprocessed images changes (quality, kernel, metadata). */
export const IMAGE_RULES_VERSION = 2;
