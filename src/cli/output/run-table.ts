import type { DatasetRun } from '../../client/list.js';
import { durationText } from '../../lib/duration-text.js';
import type { LatestModel } from '../../models/latest-models.js';
import { scoreOf } from './score.js';

type Row = DatasetRun & { readonly model: LatestModel | null };

const HEADER = ['dataset', 'run', 'started', 'quality', 'latest model'];

/** The datasets with their latest runs as aligned columns with a header, then what cannot be read. Times are given relative to `now` (ms). */
export function runTable(runs: readonly Row[], now: number): string {
  const rows = runs.map(({ dataset, status, started, quality = '', model }) => [
    dataset,
    status,
    ago(started, now),
    quality,
    model ? `${model.modelVersion}, ${scoreOf(model)}` : '',
  ]);
  const widths = HEADER.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const problems = runs.flatMap(({ dataset, problem }) => (problem ? [`${dataset}: ${problem}`] : []));
  return [...[HEADER, ...rows].map(line), ...problems].join('\n');
}

/** `5 min ago` within a day, else the date; empty if it is unknown. */
function ago(iso: string, now: number): string {
  if (iso === '') return '';
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  return seconds < 24 * 3600 ? `${durationText(seconds)} ago` : iso.slice(0, 10);
}
