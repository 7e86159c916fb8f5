import { doubtText } from '../../advice/doubt-text.js';
import type { Examined } from '../../advice/label-review.js';
import { changeText, type NextStep } from '../../advice/next-steps.js';
import type { LabelDoubt } from '../../contracts/label-doubts.js';
import { plural } from '../../lib/plural.js';
import { type ShownImage, viewOf } from '../facts.js';
import { type Html, html } from '../html.js';
import { figure, type Pictures } from '../pictures.js';
import type { ModelReportData } from './data.js';

/** The section on what to do next; null if nothing that was measured gives a reason. */
export function nextStepsSection(steps: readonly NextStep[]): Html | null {
  if (steps.length === 0) return null;
  const items = steps.map(
    ({ title, reason, evidence, certainty, change }) =>
      html`<li><h3>${title}</h3><p>${reason} ${evidence}</p>${change ? html`<p>To do it, ingest the archive again with <code>${changeText(change)}</code>.</p>` : null}<p class="soft">How sure: ${certainty}</p></li>
`,
  );
  return html`<h2 id="next">What next?</h2>
<ol class="steps">${items}</ol>`;
}

/** A doubtful label with the image that shows it. */
export interface ShownDoubt {
  readonly doubt: LabelDoubt;
  readonly image: ShownImage;
}

/** The doubtful label with a view of its box. */
export function shownDoubt(doubt: LabelDoubt): ShownDoubt {
  const { path, key, box, width, height, reason } = doubt;
  const role = reason === 'box-missing' ? 'other' : 'own';
  const label = doubt.labelled ?? doubt.detected ?? '';
  const view = viewOf(box, { width, height });
  return { doubt, image: { path, key, split: null, view, boxes: [{ ...box, label, role }] } };
}

const EXAMINED_WORDS: Readonly<Record<Examined, string>> = {
  'all-images': 'all images',
  'test-images': 'the test images',
};

/** The section with the labels to check, the most doubtful first; null without any. */
export function doubtsSection(
  { doubts, total, examined }: ModelReportData['review'],
  shown: readonly ShownDoubt[],
  pictures: Pictures,
): Html | null {
  if (doubts.length === 0) return null;
  const figures = shown.map(({ doubt, image }) => {
    const text = doubtText(doubt, examined);
    const caption = html`${text}<span class="path" title="${doubt.path}">${doubt.path}</span>`;
    return figure(image, pictures, caption, `${doubt.path}: ${text}`);
  });
  return html`<h2 id="labels">Labels to check first</h2>
<p>${plural(total, 'label')} of ${EXAMINED_WORDS[examined]}, the most doubtful first.${shown.length < total ? ` The first ${shown.length} are shown.` : ''}${examined === 'test-images' ? ' The training images are not covered.' : ''}</p>
<p class="legend"><span class="k-own">labelled</span> <span class="k-other">detected, not labelled</span></p>
<div class="grid">${figures}</div>`;
}
