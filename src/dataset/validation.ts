import type { DatasetFinding } from './reading-findings.js';
import { SERVICE_LIMITS, type ServiceCode, serviceMessage } from './service-rules.js';

export { serviceMessage } from './service-rules.js';

import { bucketOf, type LineResult, validateLine } from './validate-line.js';

/** What the service makes of one manifest. */
export interface ManifestResult {
  /** In the order of the file, blank lines included. */
  readonly lines: readonly LineResult[];
  readonly valid: number;
  readonly invalid: number;
  readonly ignored: number;
  readonly labels: ReadonlySet<string>;
  /** Terminal errors of the manifest as a whole. */
  readonly errors: readonly ServiceCode[];
}

export interface ValidationOutcome {
  readonly train: ManifestResult;
  readonly val: ManifestResult;
  /** Terminal errors of the pair. */
  readonly errors: readonly ServiceCode[];
  readonly findings: readonly DatasetFinding[];
  /** One sentence where the service would fail the training, else null. */
  readonly refusal: string | null;
}

const MAX_EXAMPLES = 10;

/** Applies every published rule of the service that can be checked on the manifests' text. */
export function validateManifests(trainText: string, valText: string): ValidationOutcome {
  const train = validateManifest(trainText);
  const val = validateManifest(valText);
  const shared = [...train.labels].filter((label) => val.labels.has(label)).length;
  const errors: ServiceCode[] =
    train.labels.size > 0 && shared < SERVICE_LIMITS.labelOverlap * train.labels.size
      ? ['ERROR_INSUFFICIENT_LABEL_OVERLAP']
      : [];
  const findings = [
    ...manifestFindings('train.manifest', train),
    ...manifestFindings('val.manifest', val),
    ...errors.map((code) => finding(code, 'error', 1, [])),
  ];
  const terminal = [...train.errors, ...val.errors, ...errors];
  const [first] = terminal;
  return {
    train,
    val,
    errors,
    findings,
    refusal: first
      ? `Rekognition Custom Labels would refuse the dataset: ${[...new Set(terminal)].map((code) => `${code} (${serviceMessage(code)})`).join('; ')} See validation_report.json.`
      : null,
  };
}

/** Applies the rules of one manifest; each line is read on its own. */
export function validateManifest(text: string): ManifestResult {
  const seen = new Set<string>();
  const lines = Array.from(linesOf(text), (line) => checkedOnce(validateLine(line), seen));
  return summarise(lines, Buffer.byteLength(text));
}

/** The same result once some lines' images have turned out to be unusable, which only a look at them can tell. */
export function withInvalidImages(result: ManifestResult, lines: ReadonlySet<number>): ManifestResult {
  if (lines.size === 0) return result;
  const invalid = { code: 'ERROR_INVALID_IMAGE', attribute: '' } as const;
  return summarise(
    result.lines.map((line, index) =>
      lines.has(index) ? { ...line, boxes: [], errors: [...line.errors, invalid] } : line,
    ),
    0,
  );
}

function summarise(lines: readonly LineResult[], bytes: number): ManifestResult {
  const labels = new Set<string>();
  const buckets = new Set<string>();
  let [valid, invalid, ignored] = [0, 0, 0];
  for (const result of lines) {
    if (result.errors.length > 0) invalid += 1;
    else if (result.warnings.length > 0) ignored += 1;
    else {
      valid += 1;
      for (const { label } of result.boxes) labels.add(label);
    }
    const bucket = result.sourceRef === null ? undefined : bucketOf(result.sourceRef);
    if (bucket !== undefined) buckets.add(bucket);
  }
  const errors: ServiceCode[] = [];
  if (lines.length === 0) errors.push('ERROR_EMPTY_MANIFEST');
  if (bytes > SERVICE_LIMITS.manifestBytes) errors.push('ERROR_MANIFEST_SIZE_TOO_LARGE');
  if (lines.length > SERVICE_LIMITS.lines) errors.push('ERROR_MANIFEST_ROWS_EXCEEDS_MAXIMUM');
  if (invalid > SERVICE_LIMITS.invalidShare * lines.length)
    errors.push('ERROR_TOO_MANY_INVALID_ROWS_IN_MANIFEST');
  if (buckets.size > 1) errors.push('ERROR_IMAGES_IN_MULTIPLE_S3_BUCKETS');
  if (lines.length > 0 && labels.size < 1) errors.push('ERROR_MANIFEST_TOO_FEW_LABELS');
  if (labels.size > SERVICE_LIMITS.labels) errors.push('ERROR_MANIFEST_TOO_MANY_LABELS');
  return { lines, valid, invalid, ignored, labels, errors };
}

/** A source-ref may occur once in a dataset; a second line of it is invalid. */
function checkedOnce(result: LineResult, seen: Set<string>): LineResult {
  if (result.sourceRef === null) return result;
  if (seen.has(result.sourceRef)) {
    return {
      ...result,
      boxes: [],
      errors: [...result.errors, { code: 'ERROR_INVALID_IMAGE', attribute: '' }],
    };
  }
  seen.add(result.sourceRef);
  return result;
}

function* linesOf(text: string): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    yield text.slice(start, end < 0 ? undefined : end);
    start = end < 0 ? text.length : end + 1;
  }
}

function manifestFindings(file: string, result: ManifestResult): DatasetFinding[] {
  const cases = new Map<ServiceCode, { count: number; examples: string[]; attribute: string }>();
  result.lines.forEach(({ errors, warnings, sourceRef }, index) => {
    for (const { code, attribute } of [...errors, ...warnings]) {
      const known = cases.get(code) ?? { count: 0, examples: [], attribute };
      known.count += 1;
      if (known.examples.length < MAX_EXAMPLES)
        known.examples.push(`${file}:${index + 1} ${sourceRef ?? ''}`.trim());
      cases.set(code, known);
    }
  });
  return [
    ...result.errors.map((code) => finding(code, 'error', 1, [file])),
    ...[...cases].map(([code, { count, examples, attribute }]) =>
      finding(code, 'warning', count, examples, attribute),
    ),
  ];
}

function finding(
  code: ServiceCode,
  severity: 'error' | 'warning',
  count: number,
  examples: readonly string[],
  attribute = '',
): DatasetFinding {
  return { code, severity, message: serviceMessage(code, attribute), count, examples };
}
