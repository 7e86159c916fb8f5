import type { DatasetFinding } from '../dataset/model/findings.js';
import { sortByHarm } from '../dataset/model/harm.js';
import { nounOf } from '../dataset/model/units.js';
import { plural } from '../lib/plural.js';
import { caseText, sideText } from './case-text.js';
import type { ReportData } from './data.js';
import type { CaseImage, FindingCase } from './facts.js';
import { type Html, html } from './html.js';
import { hasOwnSection, sectionOf } from './own-sections.js';
import { describeBoxes, figure, type Pictures } from './pictures.js';

type Shown = Pick<ReportData, 'findings' | 'facts' | 'curation'>;

/** The section with all findings: errors first, then sorted by harm. Each shows its first cases as pictures. */
export function findings(data: Shown, pictures: Pictures): Html {
  const { findings: list } = data;
  if (list.length === 0) return html`<h2 id="findings">Findings</h2><p>No findings.</p>`;
  const items = sortByHarm(list).map((one) => finding(one, data, pictures));
  const legend = html`<p class="legend"><span class="k-own">box of the case</span> <span class="k-other">other boxes</span> <span class="k-dropped">omitted</span></p>`;
  const hasPictures = (data.facts?.cases ?? []).some(({ code }) => !hasOwnSection(code));
  return html`<h2 id="findings">Findings</h2>${hasPictures ? legend : null}<ul class="findings">${items}</ul>`;
}

function finding(one: DatasetFinding, { facts, curation }: Shown, pictures: Pictures): Html {
  const { code, severity, message, count, examples } = one;
  const noun = nounOf(one);
  const cases = html`<details><summary>${plural(examples.length, 'example')}</summary><ul>${examples.map((example) => html`<li class="path">${example}</li>`)}</ul></details>`;
  const shown = (facts?.cases ?? []).filter(
    (shownCase) => shownCase.code === code && examples.includes(shownCase.example),
  );
  return html`<li class="${severity}"><h3><span class="severity">${severity}</span> <code>${code}</code>${noun ? `: ${plural(count, noun)}` : ''}</h3><p>${message}</p>${casePictures(shown, pictures, curation !== null)}${examples.length > 0 ? cases : null}</li>
`;
}

/** The cases as pictures, or a link to the section that shows them. */
function casePictures(cases: readonly FindingCase[], pictures: Pictures, curated: boolean): Html | null {
  const [first] = cases;
  if (!first) return null;
  const section = sectionOf(first.code);
  if (section) return html`<p class="soft">Pictures: <a href="#${section[0]}">${section[1]}</a></p>`;
  const shown = cases.map((one) => casePicture(one, pictures, curated));
  return html`<div class="${cases.some(({ images }) => images.length > 1) ? 'pairs' : 'grid'}">${shown}</div>`;
}

function casePicture({ code, example, images }: FindingCase, pictures: Pictures, curated: boolean): Html {
  const figures = images.map((image) => {
    const side = sideText(code, image, curated);
    const about = images.length > 1 ? describeBoxes(image.boxes) : aboutOf(example, image);
    const caption = html`${side === null ? null : html`<strong>${side}</strong> `}${about}<span class="path" title="${image.path}">${image.path}</span>`;
    return figure(image, pictures, caption, `${image.path}: ${about}`);
  });
  return images.length > 1 ? html`<div class="pair">${figures}</div>` : html`${figures}`;
}

const aboutOf = (example: string, image: CaseImage) =>
  caseText(example, image.path) || describeBoxes(image.boxes);
