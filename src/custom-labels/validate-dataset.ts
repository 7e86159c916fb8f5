import { type DatasetFinding, MAX_EXAMPLES } from '../dataset/model/findings.js';
import { type ServiceCode, serviceMessage } from './rules.js';
import { type ManifestResult, pairErrors, validateManifest } from './validate-manifest.js';

/** The result of validating the two manifests of a dataset. */
export interface ValidationOutcome {
  readonly train: ManifestResult;
  readonly val: ManifestResult;
  /** Terminal errors of the pair of manifests. */
  readonly errors: readonly ServiceCode[];
  readonly findings: readonly DatasetFinding[];
  /** The reason for which the service would fail the training; null if it would not. */
  readonly refusal: string | null;
}

/** Applies all published rules of the service that can be checked on the text of the manifests. */
export function validateManifests(trainText: string, valText: string): ValidationOutcome {
  const train = validateManifest(trainText);
  const val = validateManifest(valText, train.useCase);
  const errors = pairErrors(train, val);
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
      ? `Rekognition Custom Labels would refuse the dataset: ${[...new Set(terminal)].map((code) => `${code} (${serviceMessage(code)})`).join('; ')}`
      : null,
  };
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
