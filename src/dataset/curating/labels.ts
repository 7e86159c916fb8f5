import type { LabelCounts } from '../model/counts.js';

/** `labels.txt`: a class a line, in the order of their ids. Names with line breaks are refused while reading. */
export function labelsTxt(labels: readonly LabelCounts[]): string {
  return labels.map(({ label }) => `${label}\n`).join('');
}

/** `labels.json`: id, name and counts of each class. */
export function labelsJson(labels: readonly LabelCounts[]): string {
  const list = labels.map(({ label, train, val }, id) => ({ id, name: label, train, val }));
  return `${JSON.stringify(list, null, 2)}\n`;
}
