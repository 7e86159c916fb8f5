import { serviceMessage } from '../custom-labels/rules.js';
import { jsonObject, type LineProblem, type ProblemLocation } from '../custom-labels/validate-attribute.js';
import { type LineResult, parseLine } from '../custom-labels/validate-line.js';

/** The JSON keys that validation problems are written under. */
export interface NoteKeys {
  readonly errors: string;
  /** Undefined if warnings are not written. */
  readonly warnings?: string;
}

/** Keys in the validation manifests of a training. */
export const VALIDATION_NOTES: NoteKeys = { errors: 'errors', warnings: 'warnings' };
/** Keys in the entries of a dataset. */
export const DATASET_NOTES: NoteKeys = { errors: 'cl-errors' };

/**
 * The JSON object of a line with each problem added where it occurs: on the line, in the attribute, in its metadata or
 * in an annotation. A line that is not a JSON object is replaced by an object with its errors only.
 */
export function withNotes(line: string, result: LineResult, keys: NoteKeys): Record<string, unknown> {
  const noted: Record<string, unknown> = { ...parseLine(line) };
  const lists = [
    [keys.errors, result.errors],
    [keys.warnings, result.warnings],
  ] as const;
  for (const [key, problems] of lists) {
    if (key === undefined) continue;
    for (const problem of problems) note(noted, problem, key);
  }
  return noted;
}

function note(record: Record<string, unknown>, problem: LineProblem, key: string): void {
  const { code, attribute, location } = problem;
  const entry = { code, message: serviceMessage(code, attribute) };
  if (location === 'line') append(record, key, entry);
  else if (location === 'metadata') noteIn(record, `${attribute}-metadata`, key, entry);
  else if (location === 'attribute') noteIn(record, attribute, key, entry);
  else noteInAnnotation(record, attribute, location, key, entry);
}

function noteIn(record: Record<string, unknown>, attribute: string, key: string, entry: object): void {
  const value = jsonObject(record[attribute]);
  // Only an object can hold the problem; otherwise it is added to the line.
  const holder = value ? { ...value } : record;
  append(holder, key, entry);
  if (value) record[attribute] = holder;
}

function noteInAnnotation(
  record: Record<string, unknown>,
  attribute: string,
  index: Exclude<ProblemLocation, string>,
  key: string,
  entry: object,
): void {
  const label = { ...jsonObject(record[attribute]) };
  const annotations: unknown[] = Array.isArray(label.annotations) ? [...label.annotations] : [];
  const annotation = { ...jsonObject(annotations[index]) };
  append(annotation, key, entry);
  annotations[index] = annotation;
  record[attribute] = { ...label, annotations };
}

function append(record: Record<string, unknown>, key: string, entry: object): void {
  const known: unknown[] = Array.isArray(record[key]) ? record[key] : [];
  record[key] = [...known, entry];
}
