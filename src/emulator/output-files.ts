import { type ServiceCode, serviceMessage } from '../custom-labels/rules.js';
import { isUsable } from '../custom-labels/validate-line.js';
import { linesOf, type ManifestResult } from '../custom-labels/validate-manifest.js';
import { type LabelMetrics, overallOf } from '../evaluation/metrics.js';
import { timestamp } from './evaluation-manifest.js';
import { VALIDATION_NOTES, withNotes } from './notes.js';
import type { Project, Version } from './state.js';

/** S3 keys of the files that a training writes below its output prefix. */
export function outputKeys(project: Project, version: Version) {
  const key = (kind: string) => {
    const prefix = version.output.S3KeyPrefix;
    return `${prefix}${prefix === '' || prefix.endsWith('/') ? '' : '/'}${kind}-${project.name}-${version.name}.json`;
  };
  return {
    evaluation: key('EvaluationResultSummary'),
    manifestSummary: key('ManifestSummary'),
    trainGroundTruth: key('TrainingGroundTruth'),
    testGroundTruth: key('TestingGroundTruth'),
    trainValidation: key('TrainingManifestWithValidation'),
    testValidation: key('TestingManifestWithValidation'),
  };
}

/** The content of `EvaluationResultSummary-<project>-<version>.json`. */
export function evaluationSummary(input: {
  readonly version: Version;
  readonly labels: readonly LabelMetrics[];
  readonly trainImages: number;
  readonly testImages: number;
  /** End of the evaluation in milliseconds since 1970. */
  readonly at: number;
}) {
  const overall = overallOf(input.labels);
  return {
    Version: 1,
    AggregatedEvaluationResults: {
      F1Score: overall.f1,
      Precision: overall.precision,
      Recall: overall.recall,
      AveragePrecision: overall.averagePrecision,
      AverageRecall: overall.averageRecall,
    },
    EvaluationDetails: {
      EvaluationEndTimestamp: timestamp(input.at),
      Labels: input.labels.map(({ label }) => label),
      NumberOfTestingImages: input.testImages,
      NumberOfTrainingImages: input.trainImages,
      ProjectVersionArn: input.version.arn,
    },
    LabelEvaluationResults: [...input.labels]
      .sort((a, b) => b.f1 - a.f1)
      .map(({ label, testImages, f1, precision, recall, threshold }) => ({
        Label: label,
        NumberOfTestingImages: testImages,
        Metrics: { F1Score: f1, Precision: precision, Recall: recall, Threshold: threshold },
      })),
  };
}

/**
 * The content of `ManifestSummary-<project>-<version>.json`.
 * @param errors of both manifests together
 */
export function manifestSummary(train: ManifestResult, test: ManifestResult, errors: readonly ServiceCode[]) {
  const statistics = (result: ManifestResult) => ({
    use_case: result.useCase ?? 'NOT_DETERMINED',
    total_json_lines: result.lines.length,
    valid_json_lines: result.valid,
    invalid_json_lines: result.invalid,
    ignored_json_lines: result.ignored,
    // The developer guide's sample lists index 15 of 15 lines, so indices count from 1.
    error_json_line_indices: result.lines.flatMap((line, index) =>
      line.errors.length > 0 ? [index + 1] : [],
    ),
    errors: result.errors.map(problem),
  });
  return {
    statistics: { training: statistics(train), testing: statistics(test) },
    errors: errors.map(problem),
  };
}

const problem = (code: ServiceCode) => ({ code, message: serviceMessage(code) });

/** The manifest with errors and warnings added where they occur; lines without problems stay unchanged. */
export function validationManifest(text: string, result: ManifestResult): string {
  return Array.from(linesOf(text), (line, index) => {
    const checked = result.lines[index];
    if (!checked || checked.errors.length + checked.warnings.length === 0) return `${line}\n`;
    return `${JSON.stringify(withNotes(line, checked, VALIDATION_NOTES))}\n`;
  }).join('');
}

/** The lines of the manifest that the training used. */
export function groundTruthManifest(text: string, { lines }: ManifestResult): string {
  return [...linesOf(text)]
    .filter((_, index) => {
      const line = lines[index];
      return line !== undefined && isUsable(line, 'OBJECT_LOCALIZATION');
    })
    .map((line) => `${line}\n`)
    .join('');
}
