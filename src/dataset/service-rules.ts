import type { Size } from './types.js';

/**
 * Codes and messages of Amazon Rekognition Custom Labels, as its developer guide lists them ("Terminal manifest file
 * errors", "Terminal manifest content errors", "Non-terminal JSON line validation errors").
 */
export const SERVICE_MESSAGES = {
  ERROR_EMPTY_MANIFEST: 'The manifest file is empty.',
  ERROR_MANIFEST_SIZE_TOO_LARGE: 'The manifest file size exceeds the maximum supported size.',
  ERROR_MANIFEST_ROWS_EXCEEDS_MAXIMUM: 'The manifest file has too many rows.',
  ERROR_TOO_MANY_INVALID_ROWS_IN_MANIFEST: 'The manifest file contains too many invalid rows.',
  ERROR_IMAGES_IN_MULTIPLE_S3_BUCKETS: 'The manifest file contains images from multiple S3 buckets.',
  ERROR_MANIFEST_TOO_FEW_LABELS: 'The manifest file has too few labels.',
  ERROR_MANIFEST_TOO_MANY_LABELS: 'The manifest file has too many labels.',
  ERROR_INSUFFICIENT_LABEL_OVERLAP:
    'Less than 50% label overlap between the training and testing manifest files.',
  ERROR_MISSING_SOURCE_REF: 'The source-ref key is missing.',
  ERROR_INVALID_SOURCE_REF_FORMAT: 'The format of the source-ref value is invalid.',
  ERROR_NO_LABEL_ATTRIBUTES: 'No label attributes found.',
  ERROR_INVALID_LABEL_ATTRIBUTE_FORMAT: 'The format of the label attribute {} is invalid.',
  ERROR_INVALID_LABEL_ATTRIBUTE_METADATA_FORMAT: 'The format of the label attribute metadata is invalid.',
  ERROR_NO_VALID_LABEL_ATTRIBUTES: 'No valid label attributes found.',
  ERROR_MISSING_BOUNDING_BOX_CONFIDENCE: 'One or more bounding boxes has a missing confidence value.',
  ERROR_MISSING_CLASS_MAP_ID: 'One of more class ids is missing from the class map.',
  ERROR_INVALID_JSON_LINE: 'The JSON Line has an invalid format.',
  ERROR_INVALID_IMAGE: 'The image is invalid. Check S3 path and/or image properties.',
  ERROR_INVALID_IMAGE_DIMENSION: 'The image dimension(s) do not conform to allowed dimensions.',
  ERROR_INVALID_BOUNDING_BOX: 'The bounding box has off frame values.',
  ERROR_NO_VALID_ANNOTATIONS: 'No valid annotations found.',
  ERROR_BOUNDING_BOX_TOO_SMALL: 'The height and width of the bounding box is too small.',
  ERROR_TOO_MANY_BOUNDING_BOXES: 'There are more bounding boxes than the allowed maximum.',
  ERROR_UNSUPPORTED_USE_CASE_TYPE:
    'The use case type of the {}-metadata label attribute metadata is unsupported. Check the type field.',
  ERROR_INVALID_LABEL_NAME_LENGTH: 'The label name is longer than 255 characters.',
  WARNING_UNANNOTATED_RECORD: 'Record is unannotated.',
  WARNING_NO_ANNOTATIONS: 'No annotations were found.',
  WARNING_NO_ATTRIBUTE_ANNOTATIONS: 'No attribute annotations were found.',
} as const;

export type ServiceCode = keyof typeof SERVICE_MESSAGES;

/** Developer guide, "Guidelines and quotas in Amazon Rekognition Custom Labels". */
export const SERVICE_LIMITS = {
  manifestBytes: 1024 ** 3,
  lines: 250_000,
  lineCharacters: 100_000,
  labels: 250,
  labelCharacters: 255,
  boxes: 50,
  minSide: 64,
  maxSide: 4096,
  ratio: 20,
  /** Larger images are shrunk to this before boxes are measured. */
  trainingSide: 1280,
  /** Share of lines that may be invalid. */
  invalidShare: 0.2,
  labelOverlap: 0.5,
} as const;

/** A box needs more than one pixel each way once the service has shrunk the image's longest side. */
export function isTooSmallToTrain(box: Size, image: Size): boolean {
  const shrink = Math.min(1, SERVICE_LIMITS.trainingSide / Math.max(image.width, image.height));
  return Math.min(box.width, box.height) * shrink <= 1;
}

export function serviceMessage(code: ServiceCode, attribute = ''): string {
  return SERVICE_MESSAGES[code].replace('{}', attribute);
}
