/** A number with its noun: `1 image`, `2 images`, `3 boxes`, `4 classes`. */
export function plural(count: number, noun: string): string {
  return `${count} ${pluralNoun(count, noun)}`;
}

/** The noun that agrees with a number: `image` for 1, `images` for others. */
export function pluralNoun(count: number, noun: string): string {
  if (count === 1) return noun;
  return /(x|s)$/.test(noun) ? `${noun}es` : `${noun}s`;
}
