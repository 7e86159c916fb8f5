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

/** How the service reads one manifest, without its lines. */
export interface ManifestSummary {
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

/** How the service reads one manifest. */
export interface ManifestResult extends ManifestSummary {
  /** In the order of the file; includes blank lines. */
  readonly lines: readonly LineResult[];
}

/** Applies the service's rules for one manifest line by line, and keeps counts and labels instead of the lines. */
export class ManifestTally {
  readonly #counts = { valid: 0, invalid: 0, ignored: 0 };
  readonly #sourceRefs = new Set<string>();
  readonly #buckets = new Set<string>();
  readonly #labels = new Set<string>();
  readonly #usable: Readonly<Record<UseCase, { lines: number; readonly labels: Set<string> }>> = {
    OBJECT_LOCALIZATION: { lines: 0, labels: new Set() },
    IMAGE_LEVEL_LABELS: { lines: 0, labels: new Set() },
  };
  #lines = 0;
  #bytes = 0;

  /** Checks a line without its end. A second line with the same source-ref is invalid: an image may occur once per dataset. */
  check(line: string): LineResult {
    const read = validateLine(line);
    const { sourceRef } = read;
    const isRepeated = sourceRef !== null && this.#sourceRefs.has(sourceRef);
    if (sourceRef !== null) this.#sourceRefs.add(sourceRef);
    const result = isRepeated ? withLineError(read, 'ERROR_INVALID_IMAGE') : read;
    this.#bytes += Buffer.byteLength(line) + 1;
    this.count(result);
    return result;
  }

  /** Counts a line that was checked before. */
  count(result: LineResult): void {
    this.#lines += 1;
    this.#counts[result.status] += 1;
    for (const useCase of ['OBJECT_LOCALIZATION', 'IMAGE_LEVEL_LABELS'] as const) {
      const usable = this.#usable[useCase];
      if (isUsable(result, useCase)) usable.lines += 1;
      for (const label of usedLabels(result, useCase)) {
        usable.labels.add(label);
        this.#labels.add(label);
      }
    }
    const bucket = result.sourceRef === null ? undefined : parseSourceRef(result.sourceRef)?.bucket;
    if (bucket !== undefined) this.#buckets.add(bucket);
  }

  /** Number of lines so far; blank lines count. */
  get lines(): number {
    return this.#lines;
  }

  /** @param decided the use case of the training, if another manifest has decided it */
  summary(decided?: UseCase | null): ManifestSummary {
    const useCase = decided ?? this.#useCase();
    const labels = this.#labels;
    const usableLabels = useCase ? this.#usable[useCase].labels : new Set<string>();
    return { ...this.#counts, useCase, labels, usableLabels, errors: this.#errors(useCase, usableLabels) };
  }

  /** The use case of most lines. The guide says only that the service chooses one. */
  #useCase(): UseCase | null {
    const { OBJECT_LOCALIZATION: detection, IMAGE_LEVEL_LABELS: classification } = this.#usable;
    if (detection.lines + classification.lines === 0) return null;
    return detection.lines >= classification.lines ? 'OBJECT_LOCALIZATION' : 'IMAGE_LEVEL_LABELS';
  }

  #errors(useCase: UseCase | null, usableLabels: ReadonlySet<string>): ServiceCode[] {
    const lines = this.#lines;
    const { minLabels } = USE_CASES[useCase ?? 'OBJECT_LOCALIZATION'];
    const errors: ServiceCode[] = [];
    if (lines === 0) errors.push('ERROR_EMPTY_MANIFEST');
    if (this.#bytes > SERVICE_LIMITS.manifestBytes) errors.push('ERROR_MANIFEST_SIZE_TOO_LARGE');
    if (lines > SERVICE_LIMITS.lines) errors.push('ERROR_MANIFEST_ROWS_EXCEEDS_MAXIMUM');
    if (this.#counts.invalid > SERVICE_LIMITS.invalidShare * lines) {
      errors.push('ERROR_TOO_MANY_INVALID_ROWS_IN_MANIFEST');
    }
    if (this.#buckets.size > 1) errors.push('ERROR_IMAGES_IN_MULTIPLE_S3_BUCKETS');
    if (lines > 0 && usableLabels.size < minLabels) {
      errors.push(
        this.#labels.size < minLabels
          ? 'ERROR_MANIFEST_TOO_FEW_LABELS'
          : 'ERROR_MANIFEST_TOO_FEW_USABLE_LABELS',
      );
    }
    if (this.#labels.size > SERVICE_LIMITS.labels) errors.push('ERROR_MANIFEST_TOO_MANY_LABELS');
    return errors;
  }
}

/**
 * Applies the service's rules for one manifest and each of its lines.
 * @param useCase the use case of the training, if another manifest has decided it
 */
export function validateManifest(text: string, useCase?: UseCase | null): ManifestResult {
  const tally = new ManifestTally();
  const lines = Array.from(linesOf(text), (line) => tally.check(line));
  return { lines, ...tally.summary(useCase) };
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
  const tally = new ManifestTally();
  for (const line of lines) tally.count(line);
  return { lines, ...tally.summary(result.useCase) };
}

/** Terminal errors of the pair: half of the training labels must occur in the testing manifest. */
export function pairErrors(train: ManifestSummary, test: ManifestSummary): ServiceCode[] {
  if (isShared(train.labels, test.labels)) {
    return isShared(train.usableLabels, test.usableLabels) ? [] : ['ERROR_INSUFFICIENT_USABLE_LABEL_OVERLAP'];
  }
  return ['ERROR_INSUFFICIENT_LABEL_OVERLAP'];
}

function isShared(train: ReadonlySet<string>, test: ReadonlySet<string>): boolean {
  const shared = [...train].filter((label) => test.has(label)).length;
  return shared >= SERVICE_LIMITS.labelOverlap * train.size;
}

/** The lines of a manifest without line ends. A trailing line end does not start another line. */
export function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    yield text.slice(start, end < 0 ? undefined : end);
    start = end < 0 ? text.length : end + 1;
  }
}
