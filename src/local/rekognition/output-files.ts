import { byCodePoint } from '../../dataset/order.js';
import { type ManifestResult, serviceMessage } from '../../dataset/validation.js';
import { type LabelMetrics, overallOf, type TestImage } from '../../evaluation/metrics.js';
import type { Project, Version } from './state.js';

/** Names of the files that the service writes below its output prefix. */
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

export function evaluationSummary(input: {
  readonly version: Version;
  readonly labels: readonly LabelMetrics[];
  readonly trainImages: number;
  readonly testImages: number;
  /** Milliseconds since 1970. */
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
      EvaluationEndTimestamp: new Date(input.at).toISOString().replace('Z', ''),
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

export function manifestSummary(
  train: ManifestResult,
  test: ManifestResult,
  errors: readonly (typeof train.errors)[number][],
) {
  const statistics = (result: ManifestResult) => ({
    use_case: result.labels.size > 0 ? 'OBJECT_LOCALIZATION' : 'NOT_DETERMINED',
    total_json_lines: result.lines.length,
    valid_json_lines: result.valid,
    invalid_json_lines: result.invalid,
    ignored_json_lines: result.ignored,
    // The guide's sample lists index 15 of 15 lines, so they count from 1.
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

type Code = ManifestResult['errors'][number];
const problem = (code: Code) => ({ code, message: serviceMessage(code) });

/** The manifest with `errors` and `warnings` on the lines that have them. */
export function validationManifest(text: string, result: ManifestResult): string {
  return linesOf(text)
    .map((line, index) => {
      const { errors = [], warnings = [] } = result.lines[index] ?? {};
      if (errors.length + warnings.length === 0) return `${line}\n`;
      const notes = {
        ...(errors.length > 0 ? { errors: errors.map(({ code }) => problem(code)) } : {}),
        ...(warnings.length > 0 ? { warnings: warnings.map(({ code }) => problem(code)) } : {}),
      };
      return `${JSON.stringify({ ...parse(line), ...notes })}\n`;
    })
    .join('');
}

/** The lines that were used. */
export function groundTruthManifest(text: string, result: ManifestResult): string {
  return linesOf(text)
    .filter((_, index) => isUsable(result, index))
    .map((line) => `${line}\n`)
    .join('');
}

/** The used testing lines with what was predicted on them. */
export function evaluationManifest(
  text: string,
  result: ManifestResult,
  images: readonly TestImage[],
): string {
  return linesOf(text)
    .filter((_, index) => isUsable(result, index))
    .map((line, index) => {
      const detections = images[index]?.detections ?? [];
      const names = [...new Set(detections.map(({ label }) => label))].sort(byCodePoint);
      return `${JSON.stringify({
        ...parse(line),
        'rekognition-custom-labels-evaluation': {
          annotations: detections.map(({ label, left, top, width, height }) => ({
            class_id: names.indexOf(label),
            left: Math.round(left),
            top: Math.round(top),
            width: Math.round(width),
            height: Math.round(height),
          })),
        },
        'rekognition-custom-labels-evaluation-metadata': {
          objects: detections.map(({ confidence }) => ({ confidence })),
          'class-map': Object.fromEntries(names.map((name, id) => [String(id), name])),
          type: 'groundtruth/object-detection',
          'human-annotated': 'no',
          'job-name': 'rekognition-custom-labels-evaluation-job',
        },
      })}\n`;
    })
    .join('');
}

function isUsable(result: ManifestResult, index: number): boolean {
  const line = result.lines[index];
  return line !== undefined && line.errors.length === 0 && line.warnings.length === 0;
}

const linesOf = (text: string) =>
  text.split('\n').filter((line, index, all) => line !== '' || index < all.length - 1);

/** A line that isn't a JSON object is replaced by its errors alone. */
function parse(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && !Array.isArray(value) ? { ...value } : {};
  } catch {
    return {};
  }
}
