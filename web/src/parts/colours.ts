/** Four hues at right angles first, then those between them: few classes get very different hues, and 20 classes one each. */
const CORNERS = [0, 10, 5, 15];
const BETWEEN = [0, 2, 3, 1, 4];
const HUES = CORNERS.length * BETWEEN.length;
/** Neighbouring hues differ in lightness too, for people who confuse them; another pair from the 21st class on. */
const LIGHTNESS = [
  [0.86, 0.74],
  [0.95, 0.65],
];
/** Yellow, which stands out on most photos. */
const FIRST_HUE = 90;

/** The colour of a class, by its index among the labels, so that it is the same on all screens. All colours are light, because the outline is dark. */
export function colourOf(label: string, labels: readonly string[]): string {
  const index = Math.max(0, labels.indexOf(label));
  const step = index % HUES;
  const slot = (CORNERS[step % CORNERS.length] ?? 0) + (BETWEEN[Math.floor(step / CORNERS.length)] ?? 0);
  const lightness = LIGHTNESS[Math.floor(index / HUES) % LIGHTNESS.length]?.[slot % 2];
  return `oklch(${lightness} 0.14 ${(FIRST_HUE + (slot * 360) / HUES) % 360})`;
}
