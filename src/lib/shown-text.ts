/**
 * A text as documents show it: control characters and direction marks, which would turn around what follows them, are
 * replaced by U+FFFD.
 */
export const shownText = (text: string): string =>
  text.replace(/(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu, '\ufffd');
