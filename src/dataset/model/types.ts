/** A file of the archive as its central directory describes it. */
export interface ArchiveEntry {
  /** Normalised path: `/` as separator, no leading `./`, never absolute, never with `..`. */
  readonly path: string;
  /** Offset of the local file header, in bytes from the start of the archive. */
  readonly offset: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly crc32: number;
  /** 0 stored, 8 deflated; the only two that are read. */
  readonly method: 0 | 8;
  /** Last modification as the directory has it, read as UTC: `2025-09-14T08:30:12`. */
  readonly modified: string;
}

/** A box in pixels as the COCO file gives it: fractional, perhaps past the edge. */
export interface SourceBox {
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** An image record of a COCO file, tied to the file of the archive that it means. */
export interface LabelledImage {
  /** Path of the image in the archive. */
  readonly path: string;
  /** Path of the COCO file in the archive. */
  readonly cocoFile: string;
  /** The record in that file, such as `image id 4`; the first by code point where several describe the image. */
  readonly record: string;
  /** Pixels as the COCO file states them; null where it doesn't. */
  readonly width: number | null;
  readonly height: number | null;
  /** Its annotations in that file, also those that can't be used. */
  readonly annotations: number;
  readonly boxes: readonly SourceBox[];
}

/** What is known of an image before its bytes are read. */
export interface PlannedImage {
  readonly entry: ArchiveEntry;
  readonly image: LabelledImage;
}

/** Images that lie next to each other in the archive and are preprocessed by one activity. */
export interface PlanBatch {
  readonly index: number;
  readonly images: readonly PlannedImage[];
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export type ExifOrientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** Why an image can't be used. */
export const REJECTION_REASONS = [
  'missing-in-archive',
  'crc-mismatch',
  'unsupported-format',
  'undecodable',
  'too-small',
  'too-large',
  'aspect-ratio',
] as const;
export type RejectionReason = (typeof REJECTION_REASONS)[number];

export interface RejectedImage {
  readonly status: 'rejected';
  readonly path: string;
  readonly cocoFile: string;
  readonly reason: RejectionReason;
  /** One sentence that a person can act on. */
  readonly message: string;
}

/** A rejected image with the record of its COCO file. */
export interface RejectedRecord extends RejectedImage {
  readonly record: string;
}

/** An image that can't be used, with file, record and reason. */
export type Rejected = Omit<RejectedRecord, 'status'>;

export interface PreprocessedImage {
  readonly status: 'preprocessed';
  readonly path: string;
  /** Key of the preprocessed object. */
  readonly key: string;
  /** SHA-256 of the source file's bytes, hex. */
  readonly sourceSha256: string;
  /** Size of the preprocessed object in bytes. */
  readonly bytes: number;
  /** Pixels as stored in the source file, before EXIF orientation. */
  readonly stored: Size;
  readonly orientation: ExifOrientation;
  /** Pixels of the preprocessed image (upright). */
  readonly output: Size;
  /** True where the source was stored byte for byte. */
  readonly untouched: boolean;
}

export type ImageResult = PreprocessedImage | RejectedImage;

/** A batch's result file; `images` in the order of the plan. */
export interface BatchResult {
  readonly index: number;
  readonly images: readonly ImageResult[];
}

/** A box in whole pixels of the preprocessed image, inside it. */
export interface Box {
  readonly label: string;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Which manifest an image is in. */
export type Side = 'train' | 'val';

/** An image as it goes into a manifest. */
export interface CuratedImage {
  /** Path in the archive; what orders and seeds go by is `sourceName`, never this. */
  readonly path: string;
  readonly key: string;
  readonly size: Size;
  readonly boxes: readonly Box[];
  /** Names the group of copies that the image belongs to, alone or with others: the smallest of their SHA-256. */
  readonly group: string;
  /** SHA-256 of the source file's bytes, hex. */
  readonly sourceSha256: string;
}
