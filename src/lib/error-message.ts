/** The text of a thrown value: an error's message, else the value as text. */
export const errorMessage = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** A text that other sentences follow: ends it with a full stop if it has none. */
export const sentence = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
