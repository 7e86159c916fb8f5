import type { Size } from './types.js';

/**
 * Limits of Amazon Rekognition Custom Labels, as its developer guide lists them under "Guidelines and quotas in Amazon
 * Rekognition Custom Labels". Every room that applies one of them reads it here.
 */
export const SERVICE_LIMITS = {
  /** Maximum bytes per manifest file. */
  manifestBytes: 1024 ** 3,
  /** Maximum lines per manifest. */
  lines: 250_000,
  /** Maximum testing images per class. For training there is no maximum per class. */
  testImagesPerLabel: 1_000,
  /** Maximum characters per manifest line. */
  lineCharacters: 100_000,
  /** Maximum classes per dataset. */
  labels: 250,
  /** Maximum characters per class name. */
  labelCharacters: 255,
  /** Maximum boxes per image. */
  boxes: 50,
  /** Minimum length of an image's shorter side, in pixels. */
  minSide: 64,
  /** Maximum length of an image's longer side, in pixels. */
  maxSide: 4096,
  /** Maximum ratio of an image's longer side to its shorter side. */
  ratio: 20,
  /** Maximum bytes per image file in S3. */
  imageBytes: 15 * 1024 ** 2,
  /** Maximum bytes per image that is sent in a DetectCustomLabels request. */
  inlineImageBytes: 4 * 1024 ** 2,
  /**
   * The service resizes larger images to this longer side, in pixels, before it measures boxes (developer guide,
   * ERROR_BOUNDING_BOX_TOO_SMALL). Larger images therefore do not make small boxes trainable.
   */
  trainingSide: 1280,
  /** Maximum share of the lines of a manifest that may be invalid. */
  invalidShare: 0.2,
  /** Minimum share of the training classes that must occur in testing. */
  labelOverlap: 0.5,
} as const;

/** Maximum images of a model version. */
export interface ImageLimits {
  /** Maximum training images. */
  readonly train: number;
  /** Maximum testing images. */
  readonly test: number;
}

/**
 * Regions with lower maximum numbers of images for object detection: Mumbai and London, as "Guidelines and quotas in
 * Amazon Rekognition Custom Labels" lists them under "Training" and "Testing".
 */
const SMALLER_REGIONS: Readonly<Record<string, ImageLimits>> = {
  'ap-south-1': { train: 28_000, test: 7_000 },
  'eu-west-2': { train: 28_000, test: 7_000 },
};

/** The maximum images for object detection in an AWS region. */
export function imageLimits(region: string): ImageLimits {
  return SMALLER_REGIONS[region] ?? { train: SERVICE_LIMITS.lines, test: SERVICE_LIMITS.lines };
}

/** Whether both sides of an image are within the service's limits. */
export function hasAllowedSides({ width, height }: Size): boolean {
  return (
    Math.min(width, height) >= SERVICE_LIMITS.minSide && Math.max(width, height) <= SERVICE_LIMITS.maxSide
  );
}

/** Whether the aspect ratio of an image is within the service's limit. */
export function hasAllowedRatio({ width, height }: Size): boolean {
  return Math.max(width, height) <= SERVICE_LIMITS.ratio * Math.min(width, height);
}

/** Whether a box has a side of one pixel or less once the service has resized the image. The service refuses such boxes. */
export function isTooSmallToTrain(box: Size, image: Size): boolean {
  const scale = Math.min(1, SERVICE_LIMITS.trainingSide / Math.max(image.width, image.height));
  return Math.min(box.width, box.height) * scale <= 1;
}
