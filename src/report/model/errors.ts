import type { ConfusionMatrix } from '../../evaluation/confusion.js';
import type { DetectionKind, ObjectKind } from '../../evaluation/error-kinds.js';
import type { ErrorSummary } from '../../evaluation/error-summary.js';
import { type Html, html } from '../html.js';

const DETECTIONS: readonly (readonly [DetectionKind, string, string])[] = [
  ['correct', 'right', 'of the right class, at an IoU of at least 0.5'],
  ['wrong-class', 'wrong class', 'on an object of another class'],
  ['badly-placed', 'badly placed', 'beside an object of its class, at an IoU of 0.1 to 0.5'],
  ['wrong-class-and-place', 'wrong class and badly placed', 'beside an object of another class'],
  ['duplicate', 'duplicate', 'a second one of an object that is found already'],
  ['nothing-there', 'on nothing', 'no labelled object, or one at an IoU below 0.1'],
];
const OBJECTS: readonly (readonly [ObjectKind, string, string])[] = [
  ['found', 'found', 'by a detection of its class'],
  ['wrong-class', 'taken for another class', 'by a detection in the right place'],
  ['badly-placed', 'found, but badly placed', 'by a detection of its class'],
  ['wrong-class-and-place', 'taken for another class and badly placed', 'by a detection beside it'],
  ['missed', 'missed', 'no detection at an IoU of at least 0.1'],
];

/** The section on kinds of errors: what became of the detections and of the objects. */
export function errorKinds({ detections, objects }: ErrorSummary): Html {
  return html`<h2 id="errors">What kind of error?</h2>
${kindTable('Detections', DETECTIONS, detections)}
${kindTable('Labelled objects', OBJECTS, objects)}
<p class="soft">Kinds as in TIDE (Bolya et al. 2020). IoU is the area that two boxes share, divided by the area that they cover together.</p>`;
}

function kindTable<K extends string>(
  title: string,
  kinds: readonly (readonly [K, string, string])[],
  counts: Readonly<Record<K, number>>,
): Html {
  const total = kinds.reduce((sum, [kind]) => sum + counts[kind], 0);
  const rows = kinds.map(([kind, name, meaning], i) => {
    const share = total === 0 ? 0 : (100 * counts[kind]) / total;
    return html`<tr><th scope="row">${name} <span class="soft">${meaning}</span></th><td class="n">${counts[kind]}</td><td class="wide"><span class="bar"><i class="s${i}" style="width:${share.toFixed(1)}%"></i></span></td></tr>
`;
  });
  return html`<div class="scroll"><table><caption>${title}: ${total}</caption><thead><tr><th scope="col">kind</th><th scope="col" class="n">number</th><th scope="col" class="wide">share</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** Classes beyond this number do not fit side by side. */
const MAX_CLASSES = 20;

/** The section on classes that are taken for others; null with one class or too many. */
export function confusion({ labels, cells, missed, nothing }: ConfusionMatrix): Html | null {
  if (labels.length < 2 || labels.length > MAX_CLASSES) return null;
  const most = Math.max(1, ...cells.flat(), ...missed, ...nothing);
  const cell = (count: number, isRight: boolean) =>
    html`<td class="n ${isRight ? 'hit' : 'miss'}" style="--share:${Math.round((100 * count) / most)}%">${count}</td>`;
  const rows = labels.map(
    (label, i) =>
      html`<tr><th scope="row">${label}</th>${labels.map((_, j) => cell(cells[i]?.[j] ?? 0, i === j))}${cell(missed[i] ?? 0, false)}</tr>
`,
  );
  return html`<h2 id="confusion">Which class is taken for which?</h2>
<div class="scroll"><table class="matrix"><caption>Rows are labelled objects, columns are detections on them, at an IoU of at least 0.5.</caption>
<thead><tr><th scope="col">labelled</th>${labels.map((label) => html`<th scope="col" class="n">${label}</th>`)}<th scope="col" class="n">not found</th></tr></thead>
<tbody>${rows}<tr><th scope="row">no object there</th>${nothing.map((count) => cell(count, false))}<td></td></tr></tbody></table></div>`;
}
