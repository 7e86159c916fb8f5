import { confusionOf } from '../../evaluation/confusion.js';
import { type ErrorSummary, summarizeErrors } from '../../evaluation/error-summary.js';
import { verdictText, weakestText } from '../../evaluation/verdict-text.js';
import type { ModelCard } from '../../training/model-card-schema.js';
import { reportDocument } from '../document.js';
import { html } from '../html.js';
import type { Pictures } from '../pictures.js';
import { STYLE } from '../style.js';
import type { ModelReportData, ShownTopic } from './data.js';
import { confusion, errorKinds } from './errors.js';
import { classTable, figures } from './figures.js';
import { boxGroups } from './groups.js';
import { doubtsSection, nextStepsSection, type ShownDoubt } from './steps.js';
import { type TestPictures, worst } from './worst.js';

const MODEL_STYLE = `
.scale { display: block; width: 100%; height: .8rem; margin-top: .3rem; }
.scale .axis { stroke: var(--line); } .scale .range { fill: var(--train); opacity: .45; }
.scale path { stroke-width: 2px; vector-effect: non-scaling-stroke; fill: none; }
.scale .value { stroke: var(--ink); } .scale .chance { stroke: var(--bad); stroke-dasharray: 3 2; }
.steps { padding-left: 1.4rem; } .steps h3 { margin: 1rem 0 .2rem; }
.few th, .few td { color: var(--soft); }
.matrix th:first-child { min-width: 6rem; }
.matrix td { background: color-mix(in srgb, var(--cell) calc(.4 * var(--share, 0%)), var(--card)); }
.matrix .hit { --cell: var(--ok); font-weight: 600; } .matrix .miss { --cell: var(--bad); }
.picture .name { fill: #fff; paint-order: stroke; stroke: #000; stroke-width: .2em; font-family: system-ui, sans-serif; }
`;

/**
 * Renders the report of a model: one HTML file without scripts that says whether the model is any good, which class is
 * weak, what kind of errors it makes, what to do next, and shows the labels to check and the worst test images.
 */
export function modelReportPage(
  { card, images, steps, review, problem }: ModelReportData,
  worstOf: { readonly topics: readonly ShownTopic[]; readonly pictures: TestPictures },
  checked: { readonly shown: readonly ShownDoubt[]; readonly pictures: Pictures },
): string {
  const { evaluation, model, dataset } = card;
  const labels = evaluation?.labels.map(({ label }) => label) ?? [];
  const summary = problem === null ? summarizeErrors(images, labels) : null;
  return reportDocument(
    `${dataset}: model ${model.modelVersion}`,
    `${STYLE}${MODEL_STYLE}`,
    html`<h1>${dataset} <small class="soft">model ${model.modelVersion}</small></h1>
${evaluation ? html`<p><strong>${verdict(evaluation, summary)}</strong></p>` : html`<p>${card.evaluationProblem ?? 'There is no evaluation.'}</p>`}
${evaluation?.note ? html`<p class="soft">${evaluation.note}</p>` : null}
${evaluation ? figures(evaluation, card.images) : null}
${evaluation ? classTable(evaluation, summary) : null}
${problem === null ? null : html`<p>No test image can be shown: ${problem}</p>`}
${summary ? errorKinds(summary) : null}
${summary ? boxGroups(images) : null}
${summary ? confusion(confusionOf(images, labels)) : null}
${nextStepsSection(steps)}
${doubtsSection(review, checked.shown, checked.pictures)}
${worst(worstOf.topics, worstOf.pictures)}
<p class="soft">${writtenText(model.ended)}</p>
${summary ? html`<p class="soft">Counts of this page are of boxes that are matched at an IoU of 0.5, at the minimum confidence of each class. F1, precision and recall are those of the evaluation.</p>` : null}`,
  );
}

/** When the report was written, since what was found out later is not in it. */
function writtenText(ended: string | null): string {
  const when = ended === null ? '' : `, ${ended.slice(0, 16).replace('T', ' ')} UTC`;
  return `This report was written after the training${when}. Labels that were examined later are listed on the page of the dataset.`;
}

/** Whether the model is any good, and which class is weakest. */
function verdict(evaluation: NonNullable<ModelCard['evaluation']>, summary: ErrorSummary | null): string {
  if (!summary) return verdictText(evaluation, null);
  const [lowest, ...others] = [...evaluation.labels].sort((a, b) => a.f1 - b.f1);
  const weakest = summary.classes.find(({ label }) => label === lowest?.label);
  return `${verdictText(evaluation, summary.total)}${weakest && others.length > 0 ? ` ${weakestText(weakest)}` : ''}`;
}
