import type { ReviewedImage } from '../../advice/label-review.js';
import { type BoxGroup, groupByPosition, groupBySize } from '../../evaluation/box-groups.js';
import {
  POSITION_TITLE,
  POSITION_WORDS,
  SIZE_TITLE,
  sizeWords,
  type Words,
} from '../../evaluation/error-words.js';
import { percentText } from '../../lib/percent.js';
import { type Html, html } from '../html.js';

/** The section on errors by size and position of the boxes. */
export function boxGroups(images: readonly ReviewedImage[]): Html {
  const sizes = groupBySize(images);
  return html`<h2 id="boxes">Which boxes?</h2>
${sizes ? groupTable(SIZE_TITLE, sizes.groups, sizeWords(sizes)) : null}
${groupTable(POSITION_TITLE, groupByPosition(images), POSITION_WORDS)}`;
}

function groupTable<N extends string>(
  title: string,
  groups: readonly BoxGroup<N>[],
  words: Readonly<Record<N, Words>>,
): Html {
  const rows = groups.map(({ name, objects, found, falseAlarms }) => {
    const share = objects === 0 ? 0 : Math.round((100 * found) / objects);
    return html`<tr><th scope="row">${words[name].name} <span class="soft">${words[name].meaning}</span></th><td class="n">${objects}</td><td class="n">${found}${objects === 0 ? null : ` (${percentText(found, objects)})`}</td><td class="wide"><span class="bar"><i class="s0" style="width:${share}%"></i></span></td><td class="n">${falseAlarms}</td></tr>
`;
  });
  return html`<div class="scroll"><table><caption>${title}</caption><thead><tr><th scope="col">boxes</th><th scope="col" class="n">objects</th><th scope="col" class="n">found</th><th scope="col" class="wide">share found</th><th scope="col" class="n">false alarms</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}
