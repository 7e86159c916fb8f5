import type { Finding, IngestResult } from '../../contracts.js';
import { LOCAL_BASELINE } from '../../training/model-card.js';

export interface SummaryContext {
  /** Link to the run in the Temporal UI, where one is known. */
  readonly workflowUrl: string | null;
}

type Summarised = Pick<
  IngestResult,
  | 'dataset'
  | 'version'
  | 'message'
  | 'images'
  | 'annotations'
  | 'labels'
  | 'droppedClasses'
  | 'groups'
  | 'findings'
>;

/** The aligned lines that end an ingest. */
export function summary(result: IngestResult, { workflowUrl }: SummaryContext): string {
  const { training, evaluation, uris } = result;
  const f1Of = new Map(evaluation?.labels.map(({ label, f1 }) => [label, f1]));
  return render([
    ...datasetRows(result, f1Of),
    ...(evaluation
      ? [
          row(
            'F1 overall',
            `${evaluation.f1.toFixed(3)} (precision ${evaluation.precision.toFixed(3)}, recall ${evaluation.recall.toFixed(3)}, ${evaluation.testImages} test images)${training?.trainer === 'emulator' ? ` — ${LOCAL_BASELINE.replace('local baseline', 'LOCAL BASELINE')}` : ''}`,
          ),
        ]
      : []),
    ...(training ? [row('model', training.projectVersionArn)] : []),
    ...(uris.report ? [row('report', uris.report)] : []),
    ...(uris.modelCard ? [row('model card', uris.modelCard)] : []),
    ...(workflowUrl ? [row('workflow', workflowUrl)] : []),
    row('outcome', `${result.outcome}: ${result.message}`),
    row('next', nextCommand(result)),
  ]);
}

/** The dataset's part alone, as `curator check` prints it. */
export function datasetSummary(result: Summarised & { readonly fit: boolean }): string {
  return render([...datasetRows(result, new Map()), row(result.fit ? 'fit' : 'not fit', result.message)]);
}

type Row = readonly [string, string];
const row = (name: string, text: string): Row => [name, text];

function datasetRows(result: Summarised, f1Of: ReadonlyMap<string, number>): Row[] {
  const { dataset, version, images, annotations, labels, groups, findings } = result;
  const left = findings.find(({ code }) => code === 'BALANCE_LEFT_OUT');
  const rows: Row[] = [
    ...(left ? [row('note', left.message)] : []),
    row('dataset', version ? `${dataset}, version ${version}` : dataset),
  ];
  if (images) {
    const { neverAnnotated, emptiedByBoxRules, emptiedByClassDrop, balancedAway } = images.left;
    const reasons = listed({
      'balanced away': balancedAway,
      'never annotated': neverAnnotated,
      'emptied by box rules': emptiedByBoxRules,
      'emptied by dropped classes': emptiedByClassDrop,
    });
    rows.push(
      row('images', `${images.found} found, ${images.used} used, ${images.rejected} rejected${reasons}`),
    );
  }
  if (annotations) {
    rows.push(
      row('boxes', `${annotations.found} found, ${annotations.used} used${listed(annotations.dropped)}`),
    );
  }
  if (images && groups) {
    const kept =
      groups.groups > 0 ? `; ${groups.images} copies in ${groups.groups} groups kept together` : '';
    rows.push(row('split', `${images.train} train, ${images.val} val${kept}`));
  }
  rows.push(row('warnings', warnings(findings)));
  const width = Math.max(0, ...labels.map(({ label }) => label.length));
  for (const { label, train, val } of labels) {
    const f1 = f1Of.get(label);
    const counts = `${String(train.images).padStart(5)} train ${String(val.images).padStart(4)} val`;
    rows.push(row('', `${label.padEnd(width)} ${counts}${f1 === undefined ? '' : `   F1 ${f1.toFixed(3)}`}`));
  }
  return rows;
}

function warnings(findings: readonly Finding[]): string {
  const codes = findings
    .filter(({ severity, code }) => severity === 'warning' && code !== 'BALANCE_LEFT_OUT')
    .map(({ code, count }) => `${code} (${count})`);
  return codes.length === 0 ? 'none' : codes.join(', ');
}

/** `: 5 too-small, 2 outside`, without zeros. */
function listed(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).filter(([, count]) => count > 0);
  return parts.length === 0
    ? ''
    : `; left out: ${parts.map(([reason, count]) => `${count} ${reason}`).join(', ')}`;
}

function nextCommand({ outcome, dataset }: IngestResult): string {
  if (outcome === 'done') return `curator status ${dataset} --json`;
  if (outcome === 'refused')
    return `mend the dataset, then curator ingest it again (curator check <zip> tells at once)`;
  return `curator ingest the archive again`;
}

function render(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `${name.padEnd(width)}  ${text}`.trimEnd()).join('\n');
}
