import { SERVICE_LIMITS } from '../dataset/model/service-limits.js';
import { type ServiceCode, USE_CASES, type UseCase } from './rules.js';
import {
  isUsable,
  type LineResult,
  parseSourceRef,
  usedLabels,
  validateLine,
  withLineError,
} from './validate-line.js';

/** How the service reads one manifest. */
export interface ManifestResult {
  /** In the order of the file; includes blank lines. */
  readonly lines: readonly LineResult[];
  readonly valid: number;
  readonly invalid: number;
  readonly ignored: number;
  /** The use case of the training; null if no line decides it. */
  readonly useCase: UseCase | null;
  /** Labels of all valid lines. */
  readonly labels: ReadonlySet<string>;
  /** Labels of the lines that belong to the use case. */
  readonly usableLabels: ReadonlySet<string>;
  /** Terminal errors of the manifest as a whole. */
  readonly errors: readonly ServiceCode[];
}

/**
 * Applies the service's rules for one manifest and each of its lines.
 * @param useCase the use case of the training, if another manifest has decided it
 */
export function validateManifest(text: string, useCase?: UseCase | null): ManifestResult {
  const seen = new Set<string>();
  const lines = Array.from(linesOf(text), (line) => checkedOnce(validateLine(line), seen));
  return summarise(lines, useCase ?? chooseUseCase(lines), Buffer.byteLength(text));
}

/** The result with the errors of images that proved unusable, by line index. The manifest's text does not show those. */
export function withLineErrors(
  result: ManifestResult,
  codes: ReadonlyMap<number, ServiceCode>,
): ManifestResult {
  if (codes.size === 0) return result;
  const lines = result.lines.map((line, index) => {
    const code = codes.get(index);
    return code ? withLineError(line, code) : line;
  });
  return summarise(lines, result.useCase, 0);
}

/** Terminal errors of the pair: half of the training labels must occur in the testing manifest. */
export function pairErrors(train: ManifestResult, test: ManifestResult): ServiceCode[] {
  if (isShared(train.labels, test.labels)) {
    return isShared(train.usableLabels, test.usableLabels) ? [] : ['ERROR_INSUFFICIENT_USABLE_LABEL_OVERLAP'];
  }
  return ['ERROR_INSUFFICIENT_LABEL_OVERLAP'];
}

function isShared(train: ReadonlySet<string>, test: ReadonlySet<string>): boolean {
  const shared = [...train].filter((label) => test.has(label)).length;
  return shared >= SERVICE_LIMITS.labelOverlap * train.size;
}

/** The use case of most lines. The guide says only that the service chooses one. */
function chooseUseCase(lines: readonly LineResult[]): UseCase | null {
  const count = (useCase: UseCase) => lines.filter((line) => isUsable(line, useCase)).length;
  const [detection, classification] = [count('OBJECT_LOCALIZATION'), count('IMAGE_LEVEL_LABELS')];
  if (detection + classification === 0) return null;
  return detection >= classification ? 'OBJECT_LOCALIZATION' : 'IMAGE_LEVEL_LABELS';
}

function summarise(lines: readonly LineResult[], useCase: UseCase | null, bytes: number): ManifestResult {
  const labels = new Set<string>();
  const usableLabels = new Set<string>();
  const buckets = new Set<string>();
  const counts = { valid: 0, invalid: 0, ignored: 0 };
  for (const line of lines) {
    counts[line.status] += 1;
    for (const label of [...usedLabels(line, 'OBJECT_LOCALIZATION'), ...line.classes]) labels.add(label);
    if (useCase) for (const label of usedLabels(line, useCase)) usableLabels.add(label);
    const bucket = line.sourceRef === null ? undefined : parseSourceRef(line.sourceRef)?.bucket;
    if (bucket !== undefined) buckets.add(bucket);
  }
  const errors: ServiceCode[] = [];
  if (lines.length === 0) errors.push('ERROR_EMPTY_MANIFEST');
  if (bytes > SERVICE_LIMITS.manifestBytes) errors.push('ERROR_MANIFEST_SIZE_TOO_LARGE');
  if (lines.length > SERVICE_LIMITS.lines) errors.push('ERROR_MANIFEST_ROWS_EXCEEDS_MAXIMUM');
  if (counts.invalid > SERVICE_LIMITS.invalidShare * lines.length) {
    errors.push('ERROR_TOO_MANY_INVALID_ROWS_IN_MANIFEST');
  }
  if (buckets.size > 1) errors.push('ERROR_IMAGES_IN_MULTIPLE_S3_BUCKETS');
  const { minLabels } = USE_CASES[useCase ?? 'OBJECT_LOCALIZATION'];
  if (lines.length > 0 && usableLabels.size < minLabels) {
    errors.push(
      labels.size < minLabels ? 'ERROR_MANIFEST_TOO_FEW_LABELS' : 'ERROR_MANIFEST_TOO_FEW_USABLE_LABELS',
    );
  }
  if (labels.size > SERVICE_LIMITS.labels) errors.push('ERROR_MANIFEST_TOO_MANY_LABELS');
  return { lines, ...counts, useCase, labels, usableLabels, errors };
}

/** Marks a second line with the same source-ref as invalid: an image may occur once per dataset. */
function checkedOnce(result: LineResult, seen: Set<string>): LineResult {
  if (result.sourceRef === null) return result;
  if (seen.has(result.sourceRef)) return withLineError(result, 'ERROR_INVALID_IMAGE');
  seen.add(result.sourceRef);
  return result;
}

/** The lines of a manifest without line ends. A trailing line end does not start another line. */
export function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    yield text.slice(start, end < 0 ? undefined : end);
    start = end < 0 ? text.length : end + 1;
  }
}
