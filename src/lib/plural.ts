/** A number with its noun: `1 image`, `2 images`, `3 boxes`, `4 classes`. */
export function plural(count: number, noun: string): string {
  return `${count} ${pluralNoun(count, noun)}`;
}

/** The noun that agrees with a number: `image` for 1, `images` for others. */
export function pluralNoun(count: number, noun: string): string {
  if (count === 1) return noun;
  return /(x|s|ch)$/.test(noun) ? `${noun}es` : `${noun}s`;
}

/** The form of a word that agrees with a number: `agreeing(1, 'is', 'are')` is `is`. */
export function agreeing(count: number, one: string, several: string): string {
  return count === 1 ? one : several;
}
