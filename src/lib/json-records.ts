export type JsonRecord = Readonly<Record<string, unknown>>;

const NO_FIELDS: JsonRecord = Object.freeze({});

/** The value as a record; a value that is not an object becomes an empty record. */
export function asRecord(value: unknown): JsonRecord {
  return typeof value === 'object' && value !== null ? (value as JsonRecord) : NO_FIELDS;
}

/** An id as text, or undefined if there is none. Ids are numbers in most exports and strings in some; `1` equals `"1"`. */
export function idOf(value: unknown): string | undefined {
  return typeof value === 'number' || (typeof value === 'string' && value !== '') ? String(value) : undefined;
}
