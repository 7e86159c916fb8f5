import type { ReportData } from './data.js';
import type { ClassFacts } from './facts.js';
import { type Html, html } from './html.js';
import { percent } from './outcomes.js';

/** The section on images per class: in train, in val and not used. */
export function classBalance({ facts, curation, settings }: ReportData): Html | null {
  if (!facts) return null;
  const { classes, classCount } = facts;
  const minimum = settings.enableBalance ? settings.minClassImages : null;
  const most = Math.max(1, minimum ?? 0, ...classes.map(({ found }) => found.images));
  const more = classCount - classes.length;
  return html`<h2 id="classes">Class balance by split</h2>
<p class="legend-line soft"><span class="key train"></span>train &ensp; <span class="key val"></span>val &ensp; <span class="key rest"></span>not used${minimum === null ? null : html` &ensp; ❙ MIN_CLASS_IMAGES (${minimum})`}</p>
<div class="scroll"><table><caption>Images per class, the most frequent class first. Found: images with a box that the box rules keep. Photos: copies of one photo count once.</caption>
<thead><tr><th scope="col" class="wide">class</th><th scope="col" class="n">train</th><th scope="col" class="n">val</th><th scope="col" class="n">found</th><th scope="col" class="n optional">photos</th><th scope="col" class="n optional">boxes used</th></tr></thead>
<tbody>${classes.map((one) => classRow(one, most, minimum, curation !== null))}</tbody></table></div>
${more > 0 ? html`<p class="soft">${more} less frequent classes are not shown.</p>` : null}`;
}

function classRow(
  { label, found, train, val }: ClassFacts,
  most: number,
  minimum: number | null,
  curated: boolean,
): Html {
  const rest = Math.max(0, found.images - train.images - val.images);
  const isDropped = minimum !== null && found.images < minimum;
  const boxes = curated ? `${train.boxes + val.boxes} of ${found.boxes}` : `0 of ${found.boxes}`;
  const segment = (name: string, images: number) =>
    html`<i class="${name}" style="width:${percent(images, most)}%"></i>`;
  const line = minimum === null ? null : html`<b style="left:${percent(minimum, most)}%"></b>`;
  return html`<tr><th scope="row">${label}${isDropped ? html`<span class="tag">too few</span>` : null}<div class="bar" aria-hidden="true">${segment('train', train.images)}${segment('val', val.images)}${segment('rest', rest)}${line}</div></th><td class="n">${train.images}</td><td class="n">${val.images}</td><td class="n">${found.images}</td><td class="n optional">${found.photos}</td><td class="n optional">${boxes}</td></tr>
`;
}
