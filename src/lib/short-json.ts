import { shortText } from './short-text.js';

/** Maximum characters of a value in a message. */
const MAX_CHARACTERS = 60;

/** A JSON value as text for a message, cut after 60 characters, which `…` marks; `missing` if there is none. */
export function shortJson(value: unknown): string {
  return shortText(JSON.stringify(value) ?? 'missing', MAX_CHARACTERS);
}
