/** Four corners of the circle first, then what lies between them: few classes get hues far apart, twenty get one each. */
const CORNERS = [0, 10, 5, 15];
const BETWEEN = [0, 2, 3, 1, 4];
const HUES = CORNERS.length * BETWEEN.length;
/** Neighbours on the circle differ in lightness too, for those who confuse them; another pair from the 21st class on. */
const LIGHTNESS = [
  [0.86, 0.74],
  [0.95, 0.65],
];
/** Yellow, which stands out on most photos. */
const FIRST_HUE = 90;

/** A class keeps its colour on all screens of a dataset: its place among the labels. All are light, for the halo is dark. */
export function colourOf(label: string, labels: readonly string[]): string {
  const index = Math.max(0, labels.indexOf(label));
  const place = index % HUES;
  const slot = (CORNERS[place % CORNERS.length] ?? 0) + (BETWEEN[Math.floor(place / CORNERS.length)] ?? 0);
  const lightness = LIGHTNESS[Math.floor(index / HUES) % LIGHTNESS.length]?.[slot % 2];
  return `oklch(${lightness} 0.14 ${(FIRST_HUE + (slot * 360) / HUES) % 360})`;
}
