import type { LabelCounts } from '../model/counts.js';

/** The text of `labels.txt`: one class per line, in the order of ids. Names with line breaks were refused while reading. */
export function labelsTxt(labels: readonly LabelCounts[]): string {
  return labels.map(({ label }) => `${label}\n`).join('');
}

/** The text of `labels.json`: id, name and counts of each class. */
export function labelsJson(labels: readonly LabelCounts[]): string {
  const list = labels.map(({ label, train, val }, id) => ({ id, name: label, train, val }));
  return `${JSON.stringify(list, null, 2)}\n`;
}
