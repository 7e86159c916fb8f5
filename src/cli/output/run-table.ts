import type { DatasetRun } from '../../client/list.js';
import { durationText } from '../../lib/duration-text.js';
import type { LatestModel } from '../../models/latest-models.js';
import { columns } from './columns.js';
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
  const problems = runs.flatMap(({ dataset, problem }) => (problem ? [`${dataset}: ${problem}`] : []));
  return [columns([HEADER, ...rows]), ...problems].join('\n');
}

/** `5 min ago` within a day, else the date; empty if it is unknown. */
function ago(iso: string, now: number): string {
  if (iso === '') return '';
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
  return seconds < 24 * 3600 ? `${durationText(seconds)} ago` : iso.slice(0, 10);
}
