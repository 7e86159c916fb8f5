/** Control characters except line breaks and tabs, and marks that change the direction of a text. */
export const UNSAFE_CHARACTERS = /(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu;

/**
 * A text as documents show it: control characters and direction marks, which would turn around what follows them, are
 * replaced by U+FFFD.
 */
export const shownText = (text: string): string => text.replace(UNSAFE_CHARACTERS, '\ufffd');
