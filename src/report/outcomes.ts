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
          ['excluded by class balancing (PER_CLASS_CAP)', left.balancedAway, 2],
          ['with dropped classes only (MIN_CLASS_IMAGES)', left.emptiedByClassDrop, 3],
        ]
      : [['labelled', found - rejected - neverAnnotated - emptied, 0]];
  const images: Slice[] = [
    ...used,
    ['without a box that the box rules keep', emptied, 4],
    ['never annotated', neverAnnotated, 5],
    ['rejected', rejected, 6],
  ];
  return html`<h2 id="outcomes">Images and boxes by outcome</h2>
${stack('Images', found, images)}
${curation ? stack('Boxes', curation.annotations.found, boxSlices(curation.annotations)) : null}`;
}

/** What the report calls the reasons for which boxes are dropped. */
const DROP_NAMES: Readonly<Record<string, string>> = {
  'class-dropped': 'of dropped classes (MIN_CLASS_IMAGES)',
  crowd: 'crowd annotations (KEEP_CROWD=false)',
  deleted: 'marked as deleted',
  duplicate: 'duplicates of other boxes',
  'empty-box': 'with an empty box',
  'image-balanced-away': 'in images excluded by class balancing (PER_CLASS_CAP)',
  'image-rejected': 'in rejected images',
  'invalid-box': 'with an invalid box',
  'over-max-boxes': 'beyond MAX_BOX_PER_IMAGE',
  panoptic: 'panoptic segments',
  'too-small': 'smaller than MIN_BOX_PX',
  outside: 'outside the image',
  'unknown-category': 'of an undefined category',
  'unknown-image': 'of an unknown image id',
};
const DROP_TONES = [2, 3, 4, 5, 6];

function boxSlices({ used, dropped }: { used: number; dropped: Readonly<Record<string, number>> }): Slice[] {
  const reasons = Object.entries(dropped).map(
    ([reason, count], i): Slice => [
      DROP_NAMES[reason] ?? reason,
      count,
      DROP_TONES[i % DROP_TONES.length] ?? 6,
    ],
  );
  return [['used', used, 0], ...reasons];
}

function stack(what: string, total: number, slices: readonly Slice[]): Html {
  const shown = slices.filter(([, count]) => count > 0);
  return html`<div class="bar stack" aria-hidden="true">${shown.map(([, count, tone]) => html`<i class="s${tone}" style="width:${percent(count, total)}%"></i>`)}</div>
<table><caption>${what}: ${total} found</caption><tbody>${shown.map(
    ([name, count, tone]) =>
      html`<tr><th scope="row"><span class="key s${tone}"></span>${name}</th><td class="n">${count}</td><td class="n">${percent(count, total)} %</td></tr>`,
  )}</tbody></table>`;
}

/** `part` as a percentage of `whole` with one decimal; 0 if `whole` is 0. */
export function percent(part: number, whole: number): string {
  return (whole === 0 ? 0 : (100 * part) / whole).toFixed(1);
}
