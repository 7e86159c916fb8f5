/** The median of numbers; of an even count the upper one of the two in the middle. */
export const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** The median of each figure of several rounds, by name. */
export function mediansOf(rounds) {
  const figures = Object.keys(rounds[0] ?? {});
  return Object.fromEntries(figures.map((name) => [name, median(rounds.map((round) => round[name]))]));
}
