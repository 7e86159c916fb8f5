/** Settings that decide the curated dataset; they are part of its version. Their variables are given in brackets. */
export interface DatasetSettings {
  /** [VAL_SPLIT] Share of the images in the validation split: `floor(n * valSplit)` on the decimal value. Above 0, below 1. */
  readonly valSplit: number;
  /** [SPLIT] `curator` splits by `valSplit`; `export` keeps the split that the export's folders and COCO files state. */
  readonly split: 'curator' | 'export';
  /** [ENABLE_BALANCE] Whether rare classes are dropped and frequent classes are capped. */
  readonly enableBalance: boolean;
  /** [PER_CLASS_CAP] Maximum images per class; not below `minClassImages`. */
  readonly perClassCap: number;
  /** [MIN_CLASS_IMAGES] Classes found in fewer images are dropped. */
  readonly minClassImages: number;
  /** [MIN_BOX_PX] Boxes with a shorter side in the preprocessed image, in pixels, are dropped. */
  readonly minBoxPx: number;
  /** [MAX_BOX_PER_IMAGE] Maximum boxes per image; the largest are kept. The maximum value is 50, the limit of the service. */
  readonly maxBoxPerImage: number;
  /** [IMAGE_MAX_SIDE] Longest side of a preprocessed image, or with TILES of a tile, in pixels, 64 to 4096. */
  readonly imageMaxSide: number;
  /** [TILES] Tiles along each side of a photo, which are trained on beside the photo; 1 for none, up to 4. */
  readonly tiles: number;
  /** [STRETCH_CONTRAST] `auto` stretches the contrast of images that are nearly uniform or nearly black; `off` does not. */
  readonly stretchContrast: 'off' | 'auto';
  /** [EXIF_BOXES] Whether boxes refer to the rotated or to the stored image, for images that EXIF rotates. */
  readonly exifBoxes: 'auto' | 'turned' | 'stored';
  /** [GROUP_BY] Regular expression on the path: images with one text in its first group stay on one side. Empty for none. */
  readonly groupBy: string;
  /** [KEEP_CROWD] Whether boxes around groups of objects (`iscrowd`) are kept; otherwise they are dropped. */
  readonly keepCrowd: boolean;
  /** [MERGE_CLASSES] Classes that get one name, such as `nodule,papule=lesion`; several are separated by `;`. Empty for none. */
  readonly mergeClasses: string;
  /** [MAX_REJECTED_RATIO] Maximum share of unusable images; a dataset with more is refused. 0 to 1. */
  readonly maxRejectedRatio: number;
  /** [SEED] Seed for hash-based ordering. */
  readonly seed: number;
}

/** The defaults of the system that Curator replaces, and new ones for settings that it did not have. */
export const DEFAULT_DATASET_SETTINGS: DatasetSettings = {
  valSplit: 0.1,
  split: 'curator',
  enableBalance: true,
  perClassCap: 90,
  minClassImages: 40,
  minBoxPx: 6,
  maxBoxPerImage: 50,
  imageMaxSide: 1280,
  tiles: 1,
  stretchContrast: 'off',
  exifBoxes: 'auto',
  groupBy: '',
  keepCrowd: false,
  mergeClasses: '',
  maxRejectedRatio: 0.2,
  seed: 0,
};

/** Settings that change how COCO files are read. */
export type ReadingSettings = Pick<DatasetSettings, 'keepCrowd'>;

/** Settings that change preprocessed images. A change of any other setting reuses the images. */
export type ImageSettings = Pick<DatasetSettings, 'imageMaxSide'> &
  // Absent in runs created by earlier versions.
  Partial<Pick<DatasetSettings, 'stretchContrast' | 'tiles'>>;

/** Raise this when a rule of curating changes, so that the same archive gets a new dataset version. */
export const RULES_VERSION = 11;

/** Raise this when the encoding of preprocessed images changes (quality, kernel, metadata). */
export const IMAGE_RULES_VERSION = 3;
