/** Maximum characters of a value in a message. */
const MAX_CHARACTERS = 60;

/** A JSON value as text for a message, cut after 60 characters; `missing` if there is none. */
export function shortJson(value: unknown): string {
  return (JSON.stringify(value) ?? 'missing').slice(0, MAX_CHARACTERS);
}
