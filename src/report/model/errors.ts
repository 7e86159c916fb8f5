import type { ConfusionMatrix } from '../../evaluation/confusion.js';
import type { ErrorSummary } from '../../evaluation/error-summary.js';
import {
  CONFUSION_TEXT,
  DETECTION_WORDS,
  NO_DETECTION,
  NO_OBJECT,
  OBJECT_WORDS,
  type Words,
} from '../../evaluation/error-words.js';
import { type Html, html } from '../html.js';

/** The section on kinds of errors: what became of the detections and of the objects. */
export function errorKinds({ detections, objects }: ErrorSummary): Html {
  return html`<h2 id="errors">What kind of error?</h2>
${kindTable('Detections', DETECTION_WORDS, detections)}
${kindTable('Labelled objects', OBJECT_WORDS, objects)}
<p class="soft">Kinds as in TIDE (Bolya et al. 2020). IoU is the area that two boxes share, divided by the area that they cover together.</p>`;
}

function kindTable<K extends string>(
  title: string,
  words: Readonly<Record<K, Words>>,
  counts: Readonly<Record<K, number>>,
): Html {
  const kinds = Object.keys(words) as K[];
  const total = kinds.reduce((sum, kind) => sum + counts[kind], 0);
  const rows = kinds.map((kind, i) => {
    const { name, meaning } = words[kind];
    const share = total === 0 ? 0 : (100 * counts[kind]) / total;
    return html`<tr><th scope="row">${name} <span class="soft">${meaning}</span></th><td class="n">${counts[kind]}</td><td class="wide"><span class="bar"><i class="s${i}" style="width:${share.toFixed(1)}%"></i></span></td></tr>
`;
  });
  return html`<div class="scroll"><table><caption>${title}: ${total}</caption><thead><tr><th scope="col">kind</th><th scope="col" class="n">number</th><th scope="col" class="wide">share</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** Classes beyond this number do not fit side by side. */
const MAX_CLASSES = 20;

/** The section on classes that are taken for others; null with one class or too many. */
export function confusion({ labels, cells, noDetection, noObject }: ConfusionMatrix): Html | null {
  if (labels.length < 2 || labels.length > MAX_CLASSES) return null;
  const most = Math.max(1, ...cells.flat(), ...noDetection, ...noObject);
  const cell = (count: number, isRight: boolean) =>
    html`<td class="n ${isRight ? 'hit' : 'miss'}" style="--share:${Math.round((100 * count) / most)}%">${count}</td>`;
  const rows = labels.map(
    (label, i) =>
      html`<tr><th scope="row">${label}</th>${labels.map((_, j) => cell(cells[i]?.[j] ?? 0, i === j))}${cell(noDetection[i] ?? 0, false)}</tr>
`,
  );
  return html`<h2 id="confusion">Which class is taken for which?</h2>
<div class="scroll"><table class="matrix"><caption>${CONFUSION_TEXT}</caption>
<thead><tr><th scope="col">labelled</th>${labels.map((label) => html`<th scope="col" class="n">${label}</th>`)}<th scope="col" class="n">${NO_DETECTION}</th></tr></thead>
<tbody>${rows}<tr><th scope="row">${NO_OBJECT}</th>${noObject.map((count) => cell(count, false))}<td></td></tr></tbody></table></div>`;
}
