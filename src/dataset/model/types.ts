/** A file of the archive, as the central directory describes it. */
export interface ArchiveEntry {
  /** Normalised path: separated by `/`, relative, without leading `./` and without `..`. */
  readonly path: string;
  /** Offset of the local file header, in bytes from the start of the archive. */
  readonly offset: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly crc32: number;
  /** Compression method: 0 for stored, 8 for deflated. Other methods are refused. */
  readonly method: 0 | 8;
  /** Time of the last modification, taken as UTC, such as `2025-09-14T08:30:12`. */
  readonly modified: string;
}

/** A box in pixels, as the COCO file states it: fractional, and perhaps partly outside the image. */
export interface SourceBox {
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** An image record of a COCO file with the file of the archive that it refers to. */
export interface LabelledImage {
  /** Path of the image in the archive. */
  readonly path: string;
  /** Path of the COCO file in the archive. */
  readonly cocoFile: string;
  /** The record in that file, such as `image id 4`; the first by code point if several describe the image. */
  readonly record: string;
  /** Size in pixels as the COCO file states it; null if it does not. */
  readonly width: number | null;
  readonly height: number | null;
  /** Number of its annotations in that file, unusable ones included. */
  readonly annotations: number;
  /** Some implementations compute them, so a copy of the image must state them: `{ ...image, boxes: image.boxes }`. */
  readonly boxes: readonly SourceBox[];
  /** Annotations whose box is the bounds of their polygon or mask; absent in plans of earlier versions. */
  readonly ofShapes?: number | undefined;
}

/** An image and its archive entry, before its bytes are read. */
export interface PlannedImage {
  readonly entry: ArchiveEntry;
  readonly image: LabelledImage;
}

/** Neighbouring images of the archive, which one activity preprocesses. */
export interface PlanBatch {
  readonly index: number;
  /** Number of images of all batches; absent in plans of earlier versions. */
  readonly archiveImages?: number | undefined;
  readonly images: readonly PlannedImage[];
}

/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Value of the EXIF tag Orientation (0x0112). */
export type ExifOrientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** Reasons for which an image cannot be used. */
export const REJECTION_REASONS = [
  'missing-in-archive',
  'crc-mismatch',
  'unsupported-format',
  'undecodable',
  'too-small',
  'too-large',
  'too-costly',
  'aspect-ratio',
] as const;
export type RejectionReason = (typeof REJECTION_REASONS)[number];

export interface RejectedImage {
  readonly status: 'rejected';
  readonly path: string;
  readonly cocoFile: string;
  readonly reason: RejectionReason;
  /** One or two sentences that say what is wrong and what to do. */
  readonly message: string;
}

/** A rejected image with its record in the COCO file. */
export interface RejectedRecord extends RejectedImage {
  readonly record: string;
}

/** A rejected image as reports list it. */
export type Rejected = Omit<RejectedRecord, 'status'>;

/** An image that was decoded, rotated, resized and stored. */
export interface PreprocessedImage {
  readonly status: 'preprocessed';
  readonly path: string;
  /** S3 key of the preprocessed image. */
  readonly key: string;
  /** SHA-256 of the source file's bytes, hex. */
  readonly sourceSha256: string;
  /** Size of the preprocessed image in bytes; the page, which does not encode images, has the size of the source here. */
  readonly bytes: number;
  /** Size in pixels as stored in the source file, before the EXIF orientation is applied. */
  readonly stored: Size;
  readonly orientation: ExifOrientation;
  /** Size in pixels of the preprocessed image, which is upright. */
  readonly output: Size;
  /** True if the preprocessed image is the source file, byte for byte. */
  readonly untouched: boolean;
}

export type ImageResult = PreprocessedImage | RejectedImage;

/** The result file of a batch, with `images` in the order of the plan. */
export interface BatchResult {
  readonly index: number;
  readonly images: readonly ImageResult[];
}

/** A box in whole pixels of the preprocessed image, entirely inside it. */
export interface Box {
  readonly label: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** A side of the split, and the manifest that belongs to it. */
export type Side = 'train' | 'val';

/** An image as it goes into a manifest. */
export interface CuratedImage {
  /** Path in the archive. Orders use `sourceName` instead, since exports rename files. */
  readonly path: string;
  readonly key: string;
  readonly size: Size;
  readonly boxes: readonly Box[];
  /** Name of the group of copies that the image belongs to; a single image is a group too. */
  readonly group: string;
  /** SHA-256 of the source file's bytes, hex. */
  readonly sourceSha256: string;
  /** The area of a tile in pixels of its photo; absent if the image is a whole photo. */
  readonly tile?: Omit<Box, 'label'> | undefined;
}
