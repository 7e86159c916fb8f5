import { plural } from '../lib/plural.js';
import { ASPECT_BINS, SHARE_BINS } from './class-facts.js';
import type { ReportData } from './data.js';
import type { BoxFacts, ClassFacts } from './facts.js';
import { type Html, html } from './html.js';

/** Maximum number of classes in the table of box sizes. */
const MAX_SPREADS = 30;

/** The section on sizes and shapes of boxes, of all boxes together and per class. Null if there are no boxes. */
export function boxCharts({ facts, curation, settings }: ReportData): Html | null {
  if (!facts || facts.boxes.count === 0) return null;
  const { boxes, classes } = facts;
  const what = curation ? 'used boxes' : 'boxes that the box rules keep';
  return html`<h2 id="boxes">Box sizes and shapes</h2>
<p class="soft">All ${boxes.count} ${what}.</p>
<div class="charts"><figure>${sizeChart(boxes)}<figcaption>Width and height as a percentage of the image. A stronger colour means more boxes. Boxes that cover the whole image are at the top right.</figcaption></figure>
<figure>${shapeChart(boxes)}<figcaption>Width to height. Tall boxes are on the left, wide boxes on the right.</figcaption></figure></div>
${spreads(classes.slice(0, MAX_SPREADS), settings.minBoxPx)}`;
}

const CELL = 14;
const LEFT = 18;

/** Heat map of boxes by width and height, both on a logarithmic scale. */
function sizeChart({ shares, count }: BoxFacts): Html {
  const side = SHARE_BINS * CELL;
  const most = Math.max(1, ...shares);
  const cells = shares.flatMap((boxes, at) => {
    if (boxes === 0) return [];
    const [row, column] = [Math.floor(at / SHARE_BINS), at % SHARE_BINS];
    const opacity = (0.12 + 0.88 * Math.sqrt(boxes / most)).toFixed(2);
    return [
      html`<rect class="mark" x="${LEFT + column * CELL}" y="${side - (row + 1) * CELL + 2}" width="${CELL}" height="${CELL}" opacity="${opacity}"><title>${plural(boxes, 'box')}</title></rect>`,
    ];
  });
  const ticks = [0, 2, 4, 6].map((halvings) => {
    const at = (SHARE_BINS - 2 * halvings) * CELL;
    const name = `${(100 / 2 ** halvings).toFixed(halvings > 3 ? 1 : 0)}%`;
    return html`<path class="axis" d="M${LEFT + at} 2v${side}M${LEFT} ${side + 2 - at}h${side}"/><text x="${LEFT + at}" y="${side + 9}" text-anchor="middle">${name}</text><text x="${LEFT - 2}" y="${side + 4 - at}" text-anchor="end">${name}</text>`;
  });
  return html`<svg class="chart" role="img" aria-label="${plural(count, 'box')} by width and height as a percentage of the image" viewBox="0 0 ${LEFT + side + 8} ${side + 20}">${ticks}${cells}<path class="axis" d="M${LEFT} 2v${side}h${side}"/><text x="${LEFT + side / 2}" y="${side + 17}" text-anchor="middle">width</text><text x="${LEFT + 2}" y="8">height</text></svg>`;
}

const BAR = 7;
const HEIGHT = 96;

/** Histogram of boxes by aspect ratio. */
function shapeChart({ aspects, count }: BoxFacts): Html {
  const width = ASPECT_BINS * BAR;
  const most = Math.max(1, ...aspects);
  const bars = aspects.flatMap((boxes, at) => {
    const height = (HEIGHT * boxes) / most;
    return boxes === 0
      ? []
      : [
          html`<rect class="mark" x="${LEFT + at * BAR + 0.5}" y="${(HEIGHT + 2 - height).toFixed(1)}" width="${BAR - 1}" height="${height.toFixed(1)}"><title>${plural(boxes, 'box')}</title></rect>`,
        ];
  });
  const ticks = ['1:8', '1:4', '1:2', '1:1', '2:1', '4:1', '8:1'].map(
    (name, i) =>
      html`<path class="axis" d="M${LEFT + i * 4 * BAR} 2v${HEIGHT}"/><text x="${LEFT + i * 4 * BAR}" y="${HEIGHT + 9}" text-anchor="middle">${name}</text>`,
  );
  return html`<svg class="chart" role="img" aria-label="${plural(count, 'box')} by width to height" viewBox="0 0 ${LEFT + width + 10} ${HEIGHT + 20}">${ticks}${bars}<path class="axis" d="M${LEFT} ${HEIGHT + 2}h${width}"/><text x="${LEFT - 2}" y="7" text-anchor="end">${most}</text><text x="${LEFT + width / 2}" y="${HEIGHT + 17}" text-anchor="middle">width : height</text></svg>`;
}

/** Table of box sizes per class: smallest to largest as a line, quartiles as a bar, the median as a stroke. */
function spreads(classes: readonly ClassFacts[], minBoxPx: number): Html {
  const low = Math.max(1, Math.min(minBoxPx, ...classes.map(({ sides }) => sides[0])));
  const high = Math.max(low * 2, ...classes.map(({ sides }) => sides[4]));
  const at = (pixels: number) =>
    ((100 * Math.log(Math.max(low, pixels) / low)) / Math.log(high / low)).toFixed(1);
  const rows = classes.map(({ label, sides }) => {
    const [least, lower, median, upper, most] = sides;
    const span = Math.max(0.8, Number(at(upper)) - Number(at(lower))).toFixed(1);
    return html`<tr><th scope="row">${label}</th><td class="wide"><svg class="spread" aria-hidden="true" viewBox="0 0 100 10" preserveAspectRatio="none"><line class="limit" x1="${at(minBoxPx)}" x2="${at(minBoxPx)}" y1="0" y2="10"/><line x1="${at(least)}" x2="${at(most)}" y1="5" y2="5"/><rect x="${at(lower)}" y="1.5" width="${span}" height="7"/><line class="median" x1="${at(median)}" x2="${at(median)}" y1="0.5" y2="9.5"/></svg></td><td class="n">${pixels(least)}</td><td class="n">${pixels(median)}</td><td class="n">${pixels(most)}</td></tr>
`;
  });
  return html`<div class="scroll"><table><caption>Box sizes per class: the square root of the box area, in pixels of the preprocessed image, on a logarithmic scale. Line: smallest to largest. Bar: lower to upper quartile. Stroke: median. Dashed line: MIN_BOX_PX (${minBoxPx}).</caption>
<thead><tr><th scope="col">class</th><th scope="col" class="wide">distribution</th><th scope="col" class="n">smallest</th><th scope="col" class="n">median</th><th scope="col" class="n">largest</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

const pixels = (side: number) => (side < 10 ? side.toFixed(1) : side.toFixed(0));
