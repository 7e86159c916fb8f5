import { usedImagesText } from '../../dataset/model/tiled-images.js';
import type { ErrorSummary } from '../../evaluation/error-summary.js';
import { MIN_BOXES } from '../../evaluation/verdict.js';
import type { ModelCard } from '../../training/model-card-schema.js';
import { type Html, html } from '../html.js';

type Evaluation = NonNullable<ModelCard['evaluation']>;

/** F1 with its interval and chance, precision and recall. */
export function figures(
  { f1, interval, chance, precision, recall, testBoxes, testImages }: Evaluation,
  images: ModelCard['images'],
): Html {
  const tested = testBoxes === null ? null : html`<small>${testBoxes} labelled objects</small>`;
  return html`<dl class="figures">
<div><dt>F1, mean over the classes</dt><dd>${score(f1)}${interval ? html`<small>95 % interval ${score(interval.low)} to ${score(interval.high)}</small>` : null}${scale(f1, interval, chance)}</dd></div>
${chance === null ? null : html`<div><dt>F1 of chance</dt><dd>${score(chance)}<small>knows only class frequencies and usual boxes</small></dd></div>`}
<div><dt>Precision, mean</dt><dd>${score(precision)}<small>share of detections that are right</small></dd></div>
<div><dt>Recall, mean</dt><dd>${score(recall)}<small>share of objects that are found</small></dd></div>
<div><dt>Tested on</dt><dd>${usedImagesText(testImages, images, 'val')}${tested}</dd></div>
</dl>
<p class="soft">F1, precision and recall are means over the classes, each computed by itself. The mean F1 may therefore lie below both others.</p>`;
}

/** A bar from 0 to 1 with the interval, F1 and chance. Its figures stand beside it in words. */
function scale(f1: number, interval: Evaluation['interval'], chance: number | null): Html {
  const range = interval
    ? html`<rect class="range" x="${100 * interval.low}" y="2" width="${100 * (interval.high - interval.low)}" height="6"/>`
    : null;
  const line =
    chance === null
      ? null
      : html`<path class="chance" d="M${100 * chance} 0v10"/><title>dashed: chance</title>`;
  return html`<svg class="scale" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label="F1 on a scale from 0 to 1"><path class="axis" d="M0 9.5h100"/>${range}<path class="value" d="M${100 * f1} 0v10"/>${line}</svg>`;
}

/** The table of classes, the worst first. */
export function classTable({ labels }: Evaluation, summary: ErrorSummary | null): Html {
  const counts = new Map(summary?.classes.map((one) => [one.label, one]));
  const rows = [...labels]
    .sort((a, b) => a.f1 - b.f1)
    .map(({ label, f1, interval, testBoxes, threshold }) => {
      const own = counts.get(label);
      const isSmall = testBoxes !== null && testBoxes < MIN_BOXES;
      return html`<tr${isSmall ? html` class="few"` : null}><th scope="row">${label}${isSmall ? html`<span class="tag">few objects</span>` : null}</th><td class="n">${score(f1)}</td><td class="n optional">${interval ? `${score(interval.low)} to ${score(interval.high)}` : '–'}</td><td class="n">${testBoxes ?? '–'}</td><td class="n">${own?.found ?? '–'}</td><td class="n">${own?.missed ?? '–'}</td><td class="n">${own?.falseAlarms ?? '–'}</td><td class="n optional">${threshold.toFixed(2)}</td></tr>
`;
    });
  return html`<h2 id="classes">Which class?</h2>
<div class="scroll"><table><caption>The lowest F1 first. Grey rows have fewer than ${MIN_BOXES} labelled objects: their F1 says little.</caption>
<thead><tr><th scope="col">class</th><th scope="col" class="n">F1</th><th scope="col" class="n optional">95 % interval</th><th scope="col" class="n">objects</th><th scope="col" class="n">found</th><th scope="col" class="n">missed</th><th scope="col" class="n">false alarms</th><th scope="col" class="n optional">minimum confidence</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

const score = (value: number) => value.toFixed(2);
