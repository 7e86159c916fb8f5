import {
  codesText,
  countText,
  imageText,
  type ReportedSet,
  reportedSets,
} from '../custom-labels/validation-text.js';
import { plural } from '../lib/plural.js';
import type { ReportData } from './data.js';
import { type Html, html } from './html.js';

/** The section with the images that the training service reported; null before the training, and if it reported none. */
export function serviceValidation({ serviceValidation: validation }: ReportData): Html | null {
  if (!validation) return null;
  const sets = reportedSets(validation);
  if (sets.length === 0) return null;
  return html`<h2 id="service">Reported by the training service</h2><ul class="findings">${sets.map(setOf)}</ul>`;
}

function setOf(one: ReportedSet): Html {
  const { errors, reported, examples } = one.validation;
  const images = html`<p>${countText(one)}: ${codesText(one.validation)}.</p>`;
  const files = html`<details><summary>${plural(examples.length, 'example')}</summary><ul>${examples.map((line) => html`<li class="path">${imageText(one, line)}</li>`)}</ul></details>`;
  const whole = html`<p>Errors of the ${one.set} manifest: ${errors.join(', ')}.</p>`;
  return html`<li class="${errors.length > 0 ? 'error' : 'warning'}">${errors.length > 0 ? whole : null}${reported > 0 ? [images, files] : null}</li>
`;
}
