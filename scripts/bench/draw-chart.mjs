// Draws medians as horizontal bars, readable on light and dark pages.

const WIDTH = 720;
const LABEL_WIDTH = 220;
const BAR_HEIGHT = 18;
const ROW_HEIGHT = 26;
const TOP = 40;
/** Space for the number after the longest bar. */
const NUMBER_WIDTH = 70;
const STYLE = `text { font: 13px sans-serif; fill: #24292f } .own { fill: #0969da } .other { fill: #8c959f }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .own { fill: #58a6ff } .other { fill: #6e7681 } }`;

/**
 * Returns an SVG.
 * @param title says what the bars show, with the unit
 * @param bars name and value of each bar, in order
 * @param own name of the bar that is emphasised
 */
export function drawChart(title, bars, own) {
  const longest = Math.max(...bars.map(([, value]) => value));
  const scale = (WIDTH - LABEL_WIDTH - NUMBER_WIDTH) / longest;
  const rows = bars.map(([name, value], row) => {
    const top = TOP + row * ROW_HEIGHT;
    const width = Math.round(value * scale);
    const middle = top + BAR_HEIGHT - 5;
    return `  <text x="${LABEL_WIDTH - 8}" y="${middle}" text-anchor="end">${name}</text>
  <rect class="${name === own ? 'own' : 'other'}" x="${LABEL_WIDTH}" y="${top}" width="${width}" height="${BAR_HEIGHT}"/>
  <text x="${LABEL_WIDTH + width + 6}" y="${middle}">${value}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${TOP + bars.length * ROW_HEIGHT}" role="img" aria-label="${title}">
  <style>${STYLE}</style>
  <text x="0" y="20">${title}</text>
${rows.join('\n')}
</svg>
`;
}
