/**
 * The 39 codes of Amazon Rekognition Custom Labels with their messages, as its developer guide lists them ("Terminal
 * manifest file errors", "Terminal manifest content errors", "Non-terminal JSON line validation errors" and
 * "Terminal errors" of datasets). `{}` stands for the name of an attribute.
 */
export const SERVICE_MESSAGES = {
  ERROR_MANIFEST_INACCESSIBLE_OR_UNSUPPORTED_FORMAT: 'The manifest file extension or contents are invalid.',
  ERROR_EMPTY_MANIFEST: 'The manifest file is empty.',
  ERROR_MANIFEST_SIZE_TOO_LARGE: 'The manifest file size exceeds the maximum supported size.',
  ERROR_CANNOT_WRITE_OUTPUT_S3_BUCKET: 'Unable to write to output S3 bucket.',
  ERROR_INVALID_PERMISSIONS_MANIFEST_S3_BUCKET: 'The S3 bucket permissions are incorrect.',
  ERROR_MANIFEST_ROWS_EXCEEDS_MAXIMUM: 'The manifest file has too many rows.',
  ERROR_TOO_MANY_INVALID_ROWS_IN_MANIFEST: 'The manifest file contains too many invalid rows.',
  ERROR_IMAGES_IN_MULTIPLE_S3_BUCKETS: 'The manifest file contains images from multiple S3 buckets.',
  ERROR_INVALID_PERMISSIONS_IMAGES_S3_BUCKET: 'The permissions for the images S3 bucket are invalid.',
  ERROR_INVALID_IMAGES_S3_BUCKET_OWNER: 'Invalid owner id for images S3 bucket.',
  ERROR_INSUFFICIENT_IMAGES_PER_LABEL_FOR_AUTOSPLIT:
    'The manifest file contains insufficient labeled images per label to perform auto-split.',
  ERROR_INSUFFICIENT_IMAGES_PER_LABEL_FOR_DISTRIBUTE:
    "The manifest file doesn't have enough labeled images to distribute the dataset.",
  ERROR_MANIFEST_TOO_FEW_LABELS: 'The manifest file has too few labels.',
  ERROR_MANIFEST_TOO_MANY_LABELS: 'The manifest file has too many labels.',
  ERROR_INSUFFICIENT_LABEL_OVERLAP:
    'Less than 50% label overlap between the training and testing manifest files.',
  ERROR_MANIFEST_TOO_FEW_USABLE_LABELS: 'The manifest file has too few usable labels.',
  ERROR_INSUFFICIENT_USABLE_LABEL_OVERLAP:
    'Less than 50% usable label overlap between the training and testing manifest files.',
  ERROR_FAILED_IMAGES_S3_COPY: 'Failed to copy images from S3 bucket.',
  ERROR_TOO_MANY_RECORDS_IN_ERROR: 'The manifest file has too many terminal errors.',
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

/** Whether a text is one of the codes. */
export function isServiceCode(text: string): text is ServiceCode {
  return Object.hasOwn(SERVICE_MESSAGES, text);
}

/** The codes whose messages a status message of the service contains; it may contain several. */
export function codesOfMessage(text: string): ServiceCode[] {
  return Object.keys(SERVICE_MESSAGES)
    .filter(isServiceCode)
    .filter((code) => text.includes(SERVICE_MESSAGES[code]));
}

/** Errors that the service finds before it reads a manifest's content. It reports them as a status message only. */
const MANIFEST_FILE_CODES: ReadonlySet<ServiceCode> = new Set<ServiceCode>([
  'ERROR_MANIFEST_INACCESSIBLE_OR_UNSUPPORTED_FORMAT',
  'ERROR_EMPTY_MANIFEST',
  'ERROR_MANIFEST_SIZE_TOO_LARGE',
  'ERROR_CANNOT_WRITE_OUTPUT_S3_BUCKET',
  'ERROR_INVALID_PERMISSIONS_MANIFEST_S3_BUCKET',
]);

/** Whether the service reports a code before it reads the manifest's content, and so writes no result files. */
export function isManifestFileError(code: ServiceCode): boolean {
  return MANIFEST_FILE_CODES.has(code);
}

/** The kinds of models. Object detection accepts a single class since June 2020 (document history of the guide). */
export const USE_CASES = {
  OBJECT_LOCALIZATION: { minLabels: 1 },
  IMAGE_LEVEL_LABELS: { minLabels: 2 },
} as const;
export type UseCase = keyof typeof USE_CASES;

/** The service's message for a code, with the attribute's name filled in. */
export function serviceMessage(code: ServiceCode, attribute = ''): string {
  return SERVICE_MESSAGES[code].replace('{}', attribute);
}
