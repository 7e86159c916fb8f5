import { dropName, LEFT_NAMES } from '../dataset/model/outcome-names.js';
import type { ReportData } from './data.js';
import { type Html, html } from './html.js';

type Slice = readonly [name: string, count: number, tone: number];

/** The section that accounts for every image and every box of the archive. */
export function outcomes({ curation, facts }: ReportData): Html | null {
  if (!facts) return null;
  const { found, rejected, neverAnnotated, emptied } = facts.images;
  const left = curation?.images.left;
  const used: Slice[] =
    curation && left
      ? [
          ['train', curation.images.train, 0],
          ['val', curation.images.val, 1],
          [LEFT_NAMES.balancedAway, left.balancedAway, 2],
          [LEFT_NAMES.emptiedByClassDrop, left.emptiedByClassDrop, 3],
        ]
      : [['labelled', found - rejected - neverAnnotated - emptied, 0]];
  const images: Slice[] = [
    ...used,
    [LEFT_NAMES.emptiedByBoxRules, emptied, 4],
    [LEFT_NAMES.neverAnnotated, neverAnnotated, 5],
    ['rejected', rejected, 6],
  ];
  return html`<h2 id="outcomes">Images and boxes by outcome</h2>
${stack('Images', found, images)}
${curation ? stack('Boxes', curation.annotations.found, boxSlices(curation.annotations)) : null}`;
}

const DROP_TONES = [2, 3, 4, 5, 6];

function boxSlices({ used, dropped }: { used: number; dropped: Readonly<Record<string, number>> }): Slice[] {
  const reasons = Object.entries(dropped).map(
    ([reason, count], i): Slice => [dropName(reason), count, DROP_TONES[i % DROP_TONES.length] ?? 6],
  );
  return [['used', used, 0], ...reasons];
}

function stack(what: string, total: number, slices: readonly Slice[]): Html {
  const shown = slices.filter(([, count]) => count > 0);
  return html`<div class="bar stack" aria-hidden="true">${shown.map(([, count, tone]) => html`<i class="s${tone}" style="width:${percent(count, total)}%"></i>`)}</div>
<table><caption>${what}: ${total} found</caption><tbody>${shown.map(
    ([name, count, tone]) =>
      html`<tr><th scope="row"><span class="key s${tone}"></span>${name}</th><td class="n">${count}</td><td class="n">${count > 0 && percent(count, total) === '0.0' ? 'less than 0.1' : percent(count, total)} %</td></tr>`,
  )}</tbody></table>`;
}

/** `part` as a percentage of `whole` with one decimal; 0 if `whole` is 0. */
export function percent(part: number, whole: number): string {
  return (whole === 0 ? 0 : (100 * part) / whole).toFixed(1);
}
