import { serviceMessage } from '../custom-labels/rules.js';
import { jsonObject, type LineProblem, type ProblemLocation } from '../custom-labels/validate-attribute.js';
import { type LineResult, parseLine } from '../custom-labels/validate-line.js';

/** The keys that problems are noted under. */
export interface NoteKeys {
  readonly errors: string;
  /** Undefined where warnings aren't told. */
  readonly warnings?: string;
}

/** In the validation manifests of a training. */
export const VALIDATION_NOTES: NoteKeys = { errors: 'errors', warnings: 'warnings' };
/** In the entries of a dataset. */
export const DATASET_NOTES: NoteKeys = { errors: 'cl-errors' };

/**
 * The line's record with each problem noted where it is: on the line, in the attribute, its metadata or an
 * annotation. A line that can't be read is replaced by its errors alone.
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
  // What is no object can't hold a note: the line does.
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
