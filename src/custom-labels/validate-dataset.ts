import { type DatasetFinding, MAX_EXAMPLES } from '../dataset/model/findings.js';
import { type ServiceCode, serviceMessage } from './rules.js';
import { type ManifestSummary, ManifestTally, pairErrors } from './validate-manifest.js';

/** The result of validating the two manifests of a dataset. */
export interface ValidationOutcome {
  readonly train: ManifestSummary;
  readonly val: ManifestSummary;
  /** Terminal errors of the pair of manifests. */
  readonly errors: readonly ServiceCode[];
  readonly findings: readonly DatasetFinding[];
  /** The reason for which the service would fail the training; null if it would not. */
  readonly refusal: string | null;
}

/** The findings of one manifest, whose lines are read one after another and not kept. */
export class ManifestFindings {
  readonly tally = new ManifestTally();
  readonly #cases = new Map<ServiceCode, { count: number; examples: string[]; attribute: string }>();

  /** @param file name of the manifest in findings */
  constructor(private readonly file: string) {}

  /** Checks a line without its end. */
  check(line: string): void {
    const { errors, warnings, sourceRef } = this.tally.check(line);
    for (const { code, attribute } of [...errors, ...warnings]) {
      const known = this.#cases.get(code) ?? { count: 0, examples: [], attribute };
      known.count += 1;
      if (known.examples.length < MAX_EXAMPLES) {
        known.examples.push(`${this.file}:${this.tally.lines} ${sourceRef ?? ''}`.trim());
      }
      this.#cases.set(code, known);
    }
  }

  /** The findings, given the summary of the tally. */
  of({ errors }: ManifestSummary): DatasetFinding[] {
    return [
      ...errors.map((code) => finding(code, 'error', 1, [this.file])),
      ...[...this.#cases].map(([code, { count, examples, attribute }]) =>
        finding(code, 'warning', count, examples, attribute),
      ),
    ];
  }
}

/** Applies all published rules of the service that can be checked on the lines of the manifests, given without line ends. */
export function validateLines(trainLines: Iterable<string>, valLines: Iterable<string>): ValidationOutcome {
  const { train, val } = manifestFindings();
  for (const line of trainLines) train.check(line);
  for (const line of valLines) val.check(line);
  return validationOutcome({ train, val });
}

/** The two manifests of a dataset, of which no line was read yet. */
export function manifestFindings() {
  return { train: new ManifestFindings('train.manifest'), val: new ManifestFindings('val.manifest') };
}

/** The result of the manifests whose lines were checked. */
export function validationOutcome({
  train,
  val,
}: Readonly<Record<'train' | 'val', ManifestFindings>>): ValidationOutcome {
  const trainSummary = train.tally.summary();
  const valSummary = val.tally.summary(trainSummary.useCase);
  const errors = pairErrors(trainSummary, valSummary);
  return {
    train: trainSummary,
    val: valSummary,
    errors,
    findings: [
      ...train.of(trainSummary),
      ...val.of(valSummary),
      ...errors.map((code) => finding(code, 'error', 1, [])),
    ],
    refusal: refusalOf([...trainSummary.errors, ...valSummary.errors, ...errors]),
  };
}

/** Why the service would fail a training, given all terminal errors; null if there are none. */
export function refusalOf(errors: readonly ServiceCode[]): string | null {
  if (errors.length === 0) return null;
  const reasons = [...new Set(errors)].map((code) => `${code} (${serviceMessage(code)})`);
  return `Rekognition Custom Labels would refuse the dataset: ${reasons.join('; ')}`;
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
