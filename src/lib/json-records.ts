export type JsonRecord = Readonly<Record<string, unknown>>;

/** The value as a record; what isn't one has no fields. */
export function asRecord(value: unknown): JsonRecord {
  return typeof value === 'object' && value !== null ? (value as JsonRecord) : {};
}

/** Ids are numbers in most exports and texts in some; `1` and `"1"` are the same id. */
export function idOf(value: unknown): string | undefined {
  return typeof value === 'number' || (typeof value === 'string' && value !== '') ? String(value) : undefined;
}
