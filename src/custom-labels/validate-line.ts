import { SERVICE_LIMITS } from '../dataset/model/service-limits.js';
import type { Box, Size } from '../dataset/model/types.js';
import { parseS3Uri, type S3Location } from '../lib/s3-uri.js';
import type { ServiceCode, UseCase } from './rules.js';
import { type JsonRecord, jsonObject, type LineProblem, validateAttribute } from './validate-attribute.js';

export type { LineProblem, ProblemLocation } from './validate-attribute.js';

/** How the service reads one line of a manifest. */
export interface LineResult {
  /** Ignored lines have warnings only. They count neither as valid nor as invalid. */
  readonly status: 'valid' | 'invalid' | 'ignored';
  readonly sourceRef: string | null;
  readonly size: Size | null;
  /** The valid boxes with their class names. A line with both valid and invalid boxes is valid. */
  readonly boxes: readonly Box[];
  /** Image-level labels. */
  readonly classes: readonly string[];
  readonly errors: readonly LineProblem[];
  readonly warnings: readonly LineProblem[];
}

const SOURCE_REF = /^s3:\/\/([0-9A-Za-z.\-_]{3,255})\/(.{1,1024})$/s;
/** Attribute that the service adds to the lines of a dataset. */
export const DATASET_METADATA = 'cl-metadata';

/** Bucket and key of a `source-ref`; undefined if the service would refuse it. */
export function parseSourceRef(sourceRef: string): S3Location | undefined {
  return SOURCE_REF.test(sourceRef) ? parseS3Uri(sourceRef) : undefined;
}

/**
 * Applies the service's rules for a line in the documented order: an error that makes the line, its source-ref or an
 * attribute unreadable stops the later checks (developer guide, "JSON line error precedence").
 */
export function validateLine(line: string): LineResult {
  const record = parseLine(line);
  if (!record) return failed(null, 'ERROR_INVALID_JSON_LINE');
  const sourceRef = record['source-ref'];
  if (sourceRef === undefined) return failed(null, 'ERROR_MISSING_SOURCE_REF');
  if (typeof sourceRef !== 'string' || !parseSourceRef(sourceRef)) {
    return failed(null, 'ERROR_INVALID_SOURCE_REF_FORMAT');
  }
  const attributes = labelAttributes(record);
  if (attributes.length === 0) {
    return isBare(record)
      ? ignored(sourceRef, 'WARNING_UNANNOTATED_RECORD')
      : failed(sourceRef, 'ERROR_NO_LABEL_ATTRIBUTES');
  }
  const results = attributes.map((attribute) =>
    validateAttribute(attribute, record[attribute], record[`${attribute}-metadata`]),
  );
  const errors = results.flatMap((result) => result.errors);
  const warnings = results.flatMap((result) => result.warnings);
  const valid = results.filter(({ state }) => state === 'valid');
  const size = (valid[0] ?? results[0])?.size ?? null;
  if (valid.length > 0) {
    const boxes = valid.flatMap((result) => result.boxes);
    const classes = valid.flatMap((result) => result.classes);
    return { status: 'valid', sourceRef, size, boxes, classes, errors, warnings };
  }
  const nothing = { sourceRef, size, boxes: [], classes: [] };
  if (errors.length === 0) {
    const code = warnings.length > 0 ? 'WARNING_NO_ANNOTATIONS' : 'WARNING_UNANNOTATED_RECORD';
    return { ...nothing, status: 'ignored', errors, warnings: [...warnings, ofLine(code)] };
  }
  const isUnsupported = errors.every(({ code }) => code === 'ERROR_UNSUPPORTED_USE_CASE_TYPE');
  const more = isUnsupported ? [ofLine('ERROR_NO_VALID_LABEL_ATTRIBUTES')] : [];
  return { ...nothing, status: 'invalid', errors: [...errors, ...more], warnings };
}

/** The result of a line with a further error, which makes it invalid. */
export function withLineError(result: LineResult, code: ServiceCode): LineResult {
  return {
    ...result,
    ...{ status: 'invalid', boxes: [], classes: [] },
    errors: [...result.errors, ofLine(code)],
  };
}

/** Whether a training of this use case uses the line. Lines of the other use case are ignored. */
export function isUsable(result: LineResult, useCase: UseCase): boolean {
  return result.status === 'valid' && usedLabels(result, useCase).length > 0;
}

/** The labels of a line that a training of this use case uses: one per box, or the image-level labels. */
export function usedLabels({ boxes, classes }: LineResult, useCase: UseCase): readonly string[] {
  return useCase === 'OBJECT_LOCALIZATION' ? boxes.map(({ label }) => label) : classes;
}

/** The parsed line; undefined if it is not a JSON object or exceeds the maximum length. */
export function parseLine(line: string): JsonRecord | undefined {
  // Skips the parser for lines that cannot be objects: exceptions for many lines would take long.
  if (line.length > SERVICE_LIMITS.lineCharacters || !line.trimStart().startsWith('{')) return undefined;
  try {
    return jsonObject(JSON.parse(line));
  } catch {
    return undefined;
  }
}

function labelAttributes(record: JsonRecord): string[] {
  return Object.keys(record).filter((key) => Object.hasOwn(record, `${key}-metadata`));
}

/** Whether the line has an image only, as in the guide's sample for WARNING_UNANNOTATED_RECORD. */
function isBare(record: JsonRecord): boolean {
  return Object.keys(record).every((key) => key === 'source-ref' || key === DATASET_METADATA);
}

function ofLine(code: ServiceCode): LineProblem {
  return { code, attribute: '', location: 'line' };
}

function failed(sourceRef: string | null, code: ServiceCode): LineResult {
  const errors = [ofLine(code)];
  return { status: 'invalid', sourceRef, size: null, boxes: [], classes: [], errors, warnings: [] };
}

function ignored(sourceRef: string, code: ServiceCode): LineResult {
  const warnings = [ofLine(code)];
  return { status: 'ignored', sourceRef, size: null, boxes: [], classes: [], errors: [], warnings };
}
