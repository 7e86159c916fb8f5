import {
  hasAllowedRatio,
  hasAllowedSides,
  isTooSmallToTrain,
  SERVICE_LIMITS,
} from '../dataset/model/service-limits.js';
import type { Box, Size } from '../dataset/model/types.js';
import type { ServiceCode } from './rules.js';

/** A parsed JSON object. */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** Where the service reports a problem: in the line, the attribute, its metadata, or an annotation (by its index). */
export type ProblemLocation = 'line' | 'attribute' | 'metadata' | number;

/** A problem that the service reports for a line. */
export interface LineProblem {
  readonly code: ServiceCode;
  /** Name of the attribute; empty for problems of the whole line. */
  readonly attribute: string;
  readonly location: ProblemLocation;
}

/** How the service reads one label attribute and its metadata. */
export interface AttributeResult {
  readonly state: 'valid' | 'invalid' | 'empty';
  readonly size: Size | null;
  /** Valid boxes of an object detection attribute; empty for other types. */
  readonly boxes: readonly Box[];
  /** The class of an image classification attribute; empty for other types. */
  readonly classes: readonly string[];
  readonly errors: readonly LineProblem[];
  readonly warnings: readonly LineProblem[];
}

const DETECTION = 'groundtruth/object-detection';
const CLASSIFICATION = 'groundtruth/image-classification';

/** Applies the service's rules for a label attribute and its metadata. */
export function validateAttribute(
  attribute: string,
  label: unknown,
  metadataValue: unknown,
): AttributeResult {
  const metadata = jsonObject(metadataValue);
  if (!metadata || !isText(metadata['human-annotated']) || !isText(metadata['creation-date'])) {
    return invalid(attribute, 'ERROR_INVALID_LABEL_ATTRIBUTE_METADATA_FORMAT', 'metadata');
  }
  if (metadata.type === DETECTION) return validateDetection(attribute, label, metadata);
  if (metadata.type === CLASSIFICATION) return validateClassification(attribute, label, metadata);
  return invalid(attribute, 'ERROR_UNSUPPORTED_USE_CASE_TYPE', 'metadata');
}

function validateClassification(attribute: string, label: unknown, metadata: JsonRecord): AttributeResult {
  if (!Number.isInteger(label))
    return invalid(attribute, 'ERROR_INVALID_LABEL_ATTRIBUTE_FORMAT', 'attribute');
  const { confidence, 'class-name': name } = metadata;
  if (!isText(name) || typeof confidence !== 'number' || confidence < 0 || confidence > 1) {
    return invalid(attribute, 'ERROR_INVALID_LABEL_ATTRIBUTE_METADATA_FORMAT', 'metadata');
  }
  if (!hasAllowedLength(name)) return invalid(attribute, 'ERROR_INVALID_LABEL_NAME_LENGTH', 'metadata');
  return { state: 'valid', size: null, boxes: [], classes: [name], errors: [], warnings: [] };
}

function validateDetection(attribute: string, label: unknown, metadata: JsonRecord): AttributeResult {
  const record = jsonObject(label);
  const size = sizeOf(record);
  const annotations = record?.annotations ?? [];
  if (!size || !Array.isArray(annotations) || !annotations.every(isAnnotation)) {
    return invalid(attribute, 'ERROR_INVALID_LABEL_ATTRIBUTE_FORMAT', 'attribute');
  }
  const { objects } = metadata;
  const classMap = jsonObject(metadata['class-map']);
  if (!Array.isArray(objects) || !classMap) {
    return invalid(attribute, 'ERROR_INVALID_LABEL_ATTRIBUTE_METADATA_FORMAT', 'metadata');
  }
  const confident = objects.filter((object) => typeof jsonObject(object)?.confidence === 'number');
  if (confident.length !== annotations.length) {
    return invalid(attribute, 'ERROR_MISSING_BOUNDING_BOX_CONFIDENCE', 'metadata');
  }
  if (!annotations.every(({ class_id: id }) => isText(classMap[String(id)]))) {
    return invalid(attribute, 'ERROR_MISSING_CLASS_MAP_ID', 'metadata');
  }
  if (annotations.length === 0) return withoutBoxes(attribute, size, metadata['human-annotated'] === 'yes');
  return checkBoxes(attribute, size, annotations, (id) => String(classMap[String(id)]));
}

function withoutBoxes(attribute: string, size: Size, isAnnotated: boolean): AttributeResult {
  const warnings: LineProblem[] = isAnnotated
    ? [{ code: 'WARNING_NO_ATTRIBUTE_ANNOTATIONS', attribute, location: 'attribute' }]
    : [];
  return { state: 'empty', size, boxes: [], classes: [], errors: [], warnings };
}

function checkBoxes(
  attribute: string,
  size: Size,
  annotations: readonly Annotation[],
  labelOf: (id: number) => string,
): AttributeResult {
  const errors: LineProblem[] = [];
  const add = (code: ServiceCode, location: ProblemLocation) =>
    errors.push({ code, attribute: location === 'line' ? '' : attribute, location });
  if (!hasAllowedSides(size) || !hasAllowedRatio(size)) add('ERROR_INVALID_IMAGE_DIMENSION', 'line');
  if (annotations.length > SERVICE_LIMITS.boxes) add('ERROR_TOO_MANY_BOUNDING_BOXES', 'attribute');
  const names = new Set(annotations.map(({ class_id: id }) => labelOf(id)));
  for (const name of names) if (!hasAllowedLength(name)) add('ERROR_INVALID_LABEL_NAME_LENGTH', 'metadata');

  const isUsableAtAll = !errors.some(({ location }) => location !== 'metadata');
  const boxes: Box[] = [];
  annotations.forEach(({ class_id: id, left, top, width, height }, index) => {
    const label = labelOf(id);
    if (left < 0 || top < 0 || left + width > size.width || top + height > size.height) {
      add('ERROR_INVALID_BOUNDING_BOX', index);
    } else if (isTooSmallToTrain({ width, height }, size)) {
      add('ERROR_BOUNDING_BOX_TOO_SMALL', index);
    } else if (hasAllowedLength(label)) boxes.push({ label, left, top, width, height });
  });
  if (boxes.length === 0) add('ERROR_NO_VALID_ANNOTATIONS', 'line');
  // An invalid box does not make the other boxes of its image unusable.
  const state = isUsableAtAll && boxes.length > 0 ? 'valid' : 'invalid';
  return { state, size, boxes, classes: [], errors, warnings: [] };
}

interface Annotation {
  readonly class_id: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function isAnnotation(value: unknown): value is Annotation {
  const record = jsonObject(value);
  return (
    record !== undefined &&
    Number.isInteger(record.class_id) &&
    Number.isInteger(record.left) &&
    Number.isInteger(record.top) &&
    Number.isInteger(record.width) &&
    Number.isInteger(record.height)
  );
}

function sizeOf(label: JsonRecord | undefined): Size | undefined {
  const list = label?.image_size;
  const size = Array.isArray(list) && list.length === 1 ? jsonObject(list[0]) : undefined;
  const [width, height] = [size?.width, size?.height];
  return typeof width === 'number' && typeof height === 'number' ? { width, height } : undefined;
}

function hasAllowedLength(label: string): boolean {
  return label.length >= 1 && label.length <= SERVICE_LIMITS.labelCharacters;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** The value as a JSON object; undefined if it is not one. */
export function jsonObject(value: unknown): JsonRecord | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonRecord)
    : undefined;
}

function invalid(attribute: string, code: ServiceCode, location: ProblemLocation): AttributeResult {
  const errors = [{ code, attribute, location }];
  return { state: 'invalid', size: null, boxes: [], classes: [], errors, warnings: [] };
}
