import { isTooSmallToTrain, SERVICE_LIMITS, type ServiceCode } from './service-rules.js';
import type { Box, Size } from './types.js';

/** What the service makes of one line of a manifest. */
export interface LineResult {
  readonly sourceRef: string | null;
  readonly size: Size | null;
  /** Boxes that are valid, with their class's name. */
  readonly boxes: readonly Box[];
  readonly errors: readonly LineProblem[];
  /** With warnings and no errors the line is ignored. */
  readonly warnings: readonly LineProblem[];
}

export interface LineProblem {
  readonly code: ServiceCode;
  readonly attribute: string;
}

type JsonRecord = Readonly<Record<string, unknown>>;

const SOURCE_REF = /^s3:\/\/([0-9A-Za-z.\-_]{3,255})\/(.{1,1024})$/s;
const DETECTION = 'groundtruth/object-detection';

export function bucketOf(sourceRef: string): string | undefined {
  return SOURCE_REF.exec(sourceRef)?.[1];
}

/** Applies the service's rules for a line, in its precedence: format errors stop the line's other checks. */
export function validateLine(line: string): LineResult {
  const record = parse(line);
  if (!record) return failed(null, 'ERROR_INVALID_JSON_LINE');
  const sourceRef = record['source-ref'];
  if (sourceRef === undefined) return failed(null, 'ERROR_MISSING_SOURCE_REF');
  if (typeof sourceRef !== 'string' || bucketOf(sourceRef) === undefined) {
    return failed(null, 'ERROR_INVALID_SOURCE_REF_FORMAT');
  }
  const attributes = Object.keys(record).filter((key) => Object.hasOwn(record, `${key}-metadata`));
  const isDetection = (key: string) => asRecord(record[`${key}-metadata`])?.type === DETECTION;
  // Lines may chain attributes of other jobs; the service leaves those of another use case out.
  const attribute = attributes.find(isDetection) ?? attributes[0];
  if (attribute === undefined) return failed(sourceRef, 'ERROR_NO_LABEL_ATTRIBUTES');
  const label = asRecord(record[attribute]);
  const metadata = asRecord(record[`${attribute}-metadata`]);
  const problem = formatProblem(label, metadata);
  if (problem) return failed(sourceRef, problem, attribute);
  return checkBoxes(sourceRef, attribute, label, metadata);
}

/** The errors that the service detects first. */
function formatProblem(
  label: JsonRecord | undefined,
  metadata: JsonRecord | undefined,
): ServiceCode | undefined {
  if (
    !metadata ||
    typeof metadata['human-annotated'] !== 'string' ||
    typeof metadata['creation-date'] !== 'string'
  ) {
    return 'ERROR_INVALID_LABEL_ATTRIBUTE_METADATA_FORMAT';
  }
  if (metadata.type !== DETECTION) return 'ERROR_UNSUPPORTED_USE_CASE_TYPE';
  const annotations = label?.annotations;
  if (!label || !Array.isArray(annotations) || !sizeOf(label)) return 'ERROR_INVALID_LABEL_ATTRIBUTE_FORMAT';
  if (!annotations.every(isAnnotation)) return 'ERROR_INVALID_LABEL_ATTRIBUTE_FORMAT';
  const { objects } = metadata;
  const classMap = asRecord(metadata['class-map']);
  if (!Array.isArray(objects) || !classMap) return 'ERROR_INVALID_LABEL_ATTRIBUTE_METADATA_FORMAT';
  const confident = objects.filter((object) => typeof asRecord(object)?.confidence === 'number');
  if (confident.length !== annotations.length) return 'ERROR_MISSING_BOUNDING_BOX_CONFIDENCE';
  if (!annotations.every(({ class_id: id }) => typeof classMap[String(id)] === 'string')) {
    return 'ERROR_MISSING_CLASS_MAP_ID';
  }
  return undefined;
}

function checkBoxes(
  sourceRef: string,
  attribute: string,
  label: JsonRecord | undefined,
  metadata: JsonRecord | undefined,
): LineResult {
  const size = sizeOf(label) ?? { width: 0, height: 0 };
  const classMap = asRecord(metadata?.['class-map']) ?? {};
  const annotations = (label?.annotations as readonly Annotation[]) ?? [];
  const errors: LineProblem[] = [];
  const add = (code: ServiceCode) => errors.push({ code, attribute });
  if (annotations.length === 0) {
    const code =
      metadata?.['human-annotated'] === 'yes'
        ? 'WARNING_NO_ATTRIBUTE_ANNOTATIONS'
        : 'WARNING_UNANNOTATED_RECORD';
    return { sourceRef, size, boxes: [], errors, warnings: [{ code, attribute }] };
  }
  if (!isAllowed(size)) add('ERROR_INVALID_IMAGE_DIMENSION');
  if (annotations.length > SERVICE_LIMITS.boxes) add('ERROR_TOO_MANY_BOUNDING_BOXES');

  const boxes: Box[] = [];
  for (const { class_id: id, left, top, width, height } of annotations) {
    const name = String(classMap[String(id)]);
    if (name.length < 1 || name.length > SERVICE_LIMITS.labelCharacters)
      add('ERROR_INVALID_LABEL_NAME_LENGTH');
    else if (left < 0 || top < 0 || left + width > size.width || top + height > size.height) {
      add('ERROR_INVALID_BOUNDING_BOX');
    } else if (isTooSmallToTrain({ width, height }, size)) add('ERROR_BOUNDING_BOX_TOO_SMALL');
    else boxes.push({ label: name, left, top, width, height });
  }
  if (boxes.length === 0) add('ERROR_NO_VALID_ANNOTATIONS');
  return { sourceRef, size, boxes, errors, warnings: [] };
}

interface Annotation {
  readonly class_id: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function isAnnotation(value: unknown): value is Annotation {
  const record = asRecord(value);
  return (
    record !== undefined &&
    ['class_id', 'left', 'top', 'width', 'height'].every((key) => Number.isInteger(record[key]))
  );
}

function sizeOf(label: JsonRecord | undefined): Size | undefined {
  const list = label?.image_size;
  const size = Array.isArray(list) && list.length === 1 ? asRecord(list[0]) : undefined;
  const [width, height] = [size?.width, size?.height];
  return typeof width === 'number' && typeof height === 'number' ? { width, height } : undefined;
}

function isAllowed({ width, height }: Size): boolean {
  const [short, long] = [Math.min(width, height), Math.max(width, height)];
  return (
    short >= SERVICE_LIMITS.minSide && long <= SERVICE_LIMITS.maxSide && long <= SERVICE_LIMITS.ratio * short
  );
}

function parse(line: string): JsonRecord | undefined {
  if (line.length > SERVICE_LIMITS.lineCharacters) return undefined;
  try {
    return asRecord(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function asRecord(value: unknown): JsonRecord | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as JsonRecord)
    : undefined;
}

function failed(sourceRef: string | null, code: ServiceCode, attribute = ''): LineResult {
  return { sourceRef, size: null, boxes: [], errors: [{ code, attribute }], warnings: [] };
}
