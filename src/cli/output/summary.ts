import type { CheckResult } from '../../check/examine.js';
import type { Links } from '../../client/links.js';
import type {
  Evaluation,
  Finding,
  ImageCounts,
  IngestResult,
  Interval,
  LabelEvaluation,
} from '../../contracts/workflow-io.js';
import { f1Difference } from '../../custom-labels/f1-difference.js';
import { imageText, reportedSets } from '../../custom-labels/validation-text.js';
import { manifestSizes } from '../../dataset/model/counts.js';
import { keptTogether } from '../../dataset/model/kept-together.js';
import { dropName, LEFT_NAMES, tilesText } from '../../dataset/model/outcome-names.js';
import { type DatasetQuality, reasonsText } from '../../dataset/model/quality.js';
import { usedImagesText } from '../../dataset/model/tiled-images.js';
import { nounOf } from '../../dataset/model/units.js';
import { plural } from '../../lib/plural.js';
import { LOCAL_BASELINE } from '../../training/model-card.js';
import { parseVersionArn } from '../../training/projects.js';
import { type Advice, NO_ADVICE } from '../advice.js';
import { inFlags } from './flags.js';
import { stepLines } from './step-lines.js';

export interface SummaryContext extends Links {
  /** Whether the services were started for this command only and have stopped. */
  readonly stopped?: boolean;
  /** The score of the run's model, whose training was completed after the run had ended without it. */
  readonly completedLater?: string;
  /** What to do next about the model of the run. */
  readonly advice?: Advice;
}

type Summarised = Omit<CheckResult, 'fit' | keyof DatasetQuality> & Pick<IngestResult, 'serviceValidation'>;

/** The aligned lines that summarize an ingest. */
export function summary(
  result: IngestResult,
  { pageUrl, workflowUrl, stopped = false, completedLater, advice = NO_ADVICE }: SummaryContext,
): string {
  const { training, evaluation, uris } = result;
  const difference = evaluation && f1Difference(evaluation);
  const again = stopped ? ' (once `curator up` runs)' : '';
  return render([
    ...datasetRows(result, new Map(evaluation?.labels.map((label) => [label.label, label]))),
    ...qualityRows(result),
    ...(evaluation ? [row('F1 overall', `${overall(evaluation, result.images)}${owner(training)}`)] : []),
    ...(difference ? [row('', difference)] : []),
    ...reportedRows(result),
    ...(training ? modelRows(result.dataset, training.projectVersionArn) : []),
    ...(uris.report ? [row('report', uris.report)] : []),
    ...(uris.modelCard ? [row('model card', uris.modelCard)] : []),
    ...(pageUrl ? [row('page', `${pageUrl}${again}`)] : []),
    ...(workflowUrl ? [row('workflow', `${workflowUrl}${again}`)] : []),
    row('outcome', `${result.outcome}: ${inFlags(result.message)}`),
    ...(completedLater === undefined
      ? []
      : [row('since then', `the training was completed: ${completedLater}`)]),
    ...rowsOf('next', [
      ...stepLines(advice, again),
      `${completedLater === undefined ? nextCommand(result) : lookAtModels(result.dataset)}${again}`,
    ]),
  ]);
}

/** Maximum reported images on the terminal. */
const MAX_REPORTED = 10;

/** How many images of the manifests the training service used, if not all of them, and those that it reported. */
function reportedRows({ images, evaluation, serviceValidation }: IngestResult): Row[] {
  const { trainImages, testImages } = evaluation ?? {};
  const sent = images && manifestSizes(images);
  const isPartial = typeof trainImages === 'number' && trainImages !== sent?.train;
  const used =
    sent && evaluation && (isPartial || testImages !== sent.val)
      ? [row('trained on', usedText(images, evaluation))]
      : [];
  const sets = serviceValidation ? reportedSets(serviceValidation) : [];
  const reported = sets.flatMap((one) => one.validation.examples.map((line) => imageText(one, line)));
  const shown = reported.slice(0, MAX_REPORTED);
  const more = sets.reduce((sum, { validation }) => sum + validation.reported, 0) - shown.length;
  const lines = more > 0 ? [...shown, `${more} more; the report lists the first 20 of each manifest`] : shown;
  return [...used, ...rowsOf('reported', lines)];
}

function usedText(images: ImageCounts, { trainImages, testImages }: Evaluation): string {
  if (images.tiles) {
    const tested = `tested on ${usedImagesText(testImages, images, 'val', 'val')}`;
    if (typeof trainImages !== 'number') return tested;
    return `${usedImagesText(trainImages, images, 'train', 'train')}; ${tested}`;
  }
  const { train, val } = images;
  const trained = typeof trainImages === 'number' ? `${trainImages} of ` : '';
  return `${trained}${train} train images, tested on ${testImages} of ${val} val images`;
}

/** The quality of the dataset; without reasons for `unfit`, because the row of the outcome states them. */
function qualityRows(result: Partial<DatasetQuality>): Row[] {
  const text = qualityText(result);
  return text === undefined ? [] : [row('quality', inFlags(text))];
}

/** `unreliable: There are 5 validation images (FEW_VAL_IMAGES).`; undefined for runs created by earlier versions. */
export function qualityText({ quality, qualityReasons = [] }: Partial<DatasetQuality>): string | undefined {
  return quality === 'unreliable' ? `${quality}: ${reasonsText(qualityReasons)}` : quality;
}

/** The model's ARN, and its project if that is not the one with the dataset's name. */
function modelRows(dataset: string, projectVersionArn: string): Row[] {
  const project = parseVersionArn(projectVersionArn)?.project ?? dataset;
  const other = `${project}, because a project that the Rekognition console has given datasets does not train from manifests`;
  return [row('model', projectVersionArn), ...(project === dataset ? [] : [row('project', other)])];
}

/** The F1 score with the facts that show how reliable it is. */
function overall(evaluation: Evaluation, images: ImageCounts | null): string {
  const { f1, precision, recall, chance, testImages, testBoxes } = evaluation;
  const facts = [
    ...(evaluation.interval ? [`95 % interval ${range(evaluation.interval)}`] : []),
    ...(typeof chance === 'number' ? [`chance ${chance.toFixed(3)}`] : []),
    `precision ${precision.toFixed(3)}`,
    `recall ${recall.toFixed(3)}`,
    usedImagesText(testImages, images, 'val', 'test'),
    ...(typeof testBoxes === 'number' ? [plural(testBoxes, 'box')] : []),
  ];
  return `${f1.toFixed(3)} (${facts.join(', ')})`;
}

const range = ({ low, high }: Interval) => `${low.toFixed(3)} to ${high.toFixed(3)}`;

function owner(training: IngestResult['training']): string {
  if (training?.trainer !== 'emulator') return '';
  return ` — ${LOCAL_BASELINE.replace('local baseline', 'LOCAL BASELINE')}`;
}

/** The lines about the dataset only, as `curator check` prints them. */
export function datasetSummary(result: CheckResult): string {
  return render([...datasetRows(result, new Map()), row(result.fit ? 'fit' : 'not fit', checkText(result))]);
}

/** The message of a check. The warnings above it explain the codes, so that sentences are not printed twice. */
function checkText({ dataset, quality, qualityReasons, message }: CheckResult): string {
  if (quality !== 'unreliable') return inFlags(message);
  const codes = qualityReasons.map(({ code }) => code).join(', ');
  return `${dataset} is fit for training, but scores of its models are unreliable: ${codes}`;
}

/** The end of an ingest whose archive was checked and not uploaded. */
export function unfitSummary(result: Summarised): string {
  return render([
    ...datasetRows(result, new Map()),
    row('outcome', `refused: ${inFlags(result.message)}`),
    row(
      'next',
      'nothing was uploaded; fix the dataset and ingest it again. For pictures: curator check <zip> --report report.html. To upload it as it is: --upload-anyway',
    ),
  ]);
}

type Row = readonly [string, string];
/** A line break in a name would look like a row of its own. */
const row = (name: string, text: string): Row => [name, text.replaceAll('\n', '\\n')];

function datasetRows(result: Summarised, evaluated: ReadonlyMap<string, LabelEvaluation>): Row[] {
  const { dataset, version, images, annotations, labels, groups, findings } = result;
  const left = findings.find(({ code }) => code === 'BALANCE_LEFT_OUT');
  const rows: Row[] = [
    ...(left ? [row('note', inFlags(left.message))] : []),
    row('dataset', version ? `${dataset}, version ${version}` : dataset),
  ];
  if (images) {
    const reasons = leftOut(LEFT_ORDER.map((reason) => [LEFT_NAMES[reason], images.left[reason]]));
    rows.push(
      row('images', `${images.found} found, ${images.used} used, ${rejectedText(images, result)}${reasons}`),
    );
  }
  if (annotations) {
    const reasons = Object.entries(annotations.dropped).map(
      ([code, count]) => [dropName(code), count] as const,
    );
    rows.push(row('boxes', `${annotations.found} found, ${annotations.used} used${leftOut(reasons)}`));
  }
  if (images && groups) {
    const together = keptTogether(groups);
    // Only SPLIT=export does not keep them together.
    const isLeaking = findings.some(({ code }) => code === 'SPLIT_LEAKS');
    const kept =
      together === undefined ? '' : `; ${inFlags(together)}${isLeaking ? ', not all' : ''} kept together`;
    rows.push(row('split', `${images.train} train, ${images.val} val${kept}`));
    if (images.tiles) rows.push(row('tiles', tilesText(images.tiles)));
  }
  const width = Math.max(0, ...labels.map(({ label }) => label.length));
  const classes = labels.map(({ label, train, val }) => {
    const own = evaluated.get(label);
    const counts = `${String(train.images).padStart(5)} train ${String(val.images).padStart(4)} val`;
    return `${label.padEnd(width)} ${counts}${own ? `   ${figure(own)}` : ''}`;
  });
  return [...rows, ...rowsOf('classes', classes), ...rowsOf('warnings', warnings(findings))];
}

/** One row per text, of which the first has the name. */
const rowsOf = (name: string, texts: readonly string[]): Row[] =>
  texts.map((text, index) => row(index === 0 ? name : '', text));

/** Images that Curator rejected, and those that the training service rejected afterwards. */
function rejectedText({ rejected }: ImageCounts, { serviceValidation }: Summarised): string {
  const sets = serviceValidation ? [serviceValidation.training, serviceValidation.testing] : [];
  const byService = sets.reduce((sum, { lines }) => sum + (lines ? lines.invalid + lines.ignored : 0), 0);
  return byService === 0
    ? `${rejected} rejected`
    : `${rejected} rejected by Curator, ${byService} by the training service`;
}

function figure({ f1, interval, testBoxes }: LabelEvaluation): string {
  const facts = [
    ...(interval ? [range(interval)] : []),
    ...(typeof testBoxes === 'number' ? [plural(testBoxes, 'box')] : []),
  ];
  return `F1 ${f1.toFixed(3)}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`;
}

/** The warnings with their messages. The note states the message of BALANCE_LEFT_OUT. */
function warnings(findings: readonly Finding[]): string[] {
  const warned = findings.filter(
    ({ severity, code }) => severity === 'warning' && code !== 'BALANCE_LEFT_OUT',
  );
  // For a refused dataset, `none` would claim that all checks were done.
  const isRefused = findings.some(({ severity }) => severity === 'error');
  if (warned.length === 0) return isRefused ? [] : ['none'];
  return warned.map((finding) => `${counted(finding)}: ${inFlags(finding.message)}${caseOf(finding)}`);
}

/** The first case, so that a person knows where to look. `--report` and `--json` have more. */
function caseOf({ examples: [first], count }: Finding): string {
  if (first === undefined) return '';
  return count > 1 ? ` First case: ${first}` : ` Case: ${first}`;
}

function counted(finding: Finding): string {
  const noun = nounOf(finding);
  return noun ? `${finding.code} (${plural(finding.count, noun)})` : finding.code;
}

const LEFT_ORDER = ['balancedAway', 'neverAnnotated', 'emptiedByBoxRules', 'emptiedByClassDrop'] as const;

/** `; left out: 5 smaller than --min-box-px, 2 outside the image`, without zeros. */
function leftOut(reasons: readonly (readonly [name: string, count: number])[]): string {
  const parts = reasons.filter(([, count]) => count > 0);
  if (parts.length === 0) return '';
  return `; left out: ${inFlags(parts.map(([name, count]) => `${count} ${name}`).join(', '))}`;
}

const lookAtModels = (dataset: string) => `curator models ${dataset}, curator report ${dataset} --open`;

function nextCommand({ outcome, dataset, uris }: IngestResult): string {
  if (outcome === 'done') return `curator report ${dataset} --open`;
  if (outcome === 'rejected-by-quality') return lookAtModels(dataset);
  if (outcome === 'refused') {
    const look = uris.report ? `curator report ${dataset} --open; ` : '';
    return `${look}fix the dataset, then curator ingest it again (test it with curator check <zip>)`;
  }
  return `curator rerun ${dataset}, or ingest the archive again`;
}

function render(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `${name.padEnd(width)}  ${text}`.trimEnd()).join('\n');
}
