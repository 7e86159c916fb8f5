import type { ServiceCode } from '../custom-labels/rules.js';
import {
  DATASET_METADATA,
  type LineResult,
  parseSourceRef,
  validateLine,
} from '../custom-labels/validate-line.js';
import { linesOf } from '../custom-labels/validate-manifest.js';
import { SERVICE_LIMITS } from '../dataset/model/service-limits.js';
import { DATASET_NOTES } from './notes.js';
import type { State } from './state.js';

/** A line of a dataset and its validation result. */
export interface Entry {
  readonly line: string;
  readonly sourceRef: string;
  readonly result: LineResult;
}

/** Reads and writes the entries of datasets in files, and caches those of the dataset that was used last. */
export class EntryStore {
  private last: { arn: string; entries: readonly Entry[] } | undefined;

  constructor(private readonly state: State) {}

  read(arn: string): readonly Entry[] {
    if (this.last?.arn !== arn) {
      const text = this.state.readFile(arn, 'entries')?.toString('utf8') ?? '';
      this.last = { arn, entries: Array.from(linesOf(text), entryOf).filter((entry) => entry !== undefined) };
    }
    return this.last.entries;
  }

  write(arn: string, entries: readonly Entry[]): void {
    this.state.writeFile(arn, 'entries', manifestOf(entries));
    this.last = { arn, entries };
  }
}

export function manifestOf(entries: readonly Entry[]): string {
  return entries.map(({ line }) => `${line}\n`).join('');
}

/** The entry of a line; undefined if the line has no source-ref. Datasets drop such lines without an error. */
function entryOf(line: string): Entry | undefined {
  const result = validateLine(line);
  return result.sourceRef === null ? undefined : { line, sourceRef: result.sourceRef, result };
}

/**
 * Adds the lines of a manifest to `known`; a line for an image that is already present replaces its entry.
 * @returns the merged entries, or the error code if the service would refuse the whole manifest
 */
export function mergeEntries(known: readonly Entry[], text: string): readonly Entry[] | ServiceCode {
  if (text === '') return 'ERROR_EMPTY_MANIFEST';
  const added = new Map<string, Entry>();
  let [lines, dropped] = [0, 0];
  for (const line of linesOf(text)) {
    lines += 1;
    const entry = entryOf(withoutNotes(line));
    if (!entry || added.has(entry.sourceRef)) dropped += 1;
    else added.set(entry.sourceRef, entry);
  }
  const merged = new Map(known.map((entry) => [entry.sourceRef, entry]));
  for (const [sourceRef, entry] of added) merged.set(sourceRef, entry);
  const entries = [...merged.values()];

  if (lines > SERVICE_LIMITS.lines || entries.length > SERVICE_LIMITS.lines) {
    return 'ERROR_MANIFEST_ROWS_EXCEEDS_MAXIMUM';
  }
  if (dropped > SERVICE_LIMITS.invalidShare * lines) return 'ERROR_TOO_MANY_RECORDS_IN_ERROR';
  if (new Set(entries.map(({ sourceRef }) => parseSourceRef(sourceRef)?.bucket)).size > 1) {
    return 'ERROR_IMAGES_IN_MULTIPLE_S3_BUCKETS';
  }
  if (labelCounts(entries).size > SERVICE_LIMITS.labels) return 'ERROR_MANIFEST_TOO_MANY_LABELS';
  return entries;
}

export interface LabelCount {
  readonly entries: number;
  readonly boxes: number;
}

export function labelCounts(entries: readonly Entry[]): Map<string, LabelCount> {
  const counts = new Map<string, LabelCount>();
  for (const { result } of entries) {
    for (const label of new Set(labelsIn(result))) {
      const known = counts.get(label) ?? { entries: 0, boxes: 0 };
      const boxes = result.boxes.filter((box) => box.label === label).length;
      counts.set(label, { entries: known.entries + 1, boxes: known.boxes + boxes });
    }
  }
  return counts;
}

export function labelsIn({ boxes, classes }: LineResult): string[] {
  return [...boxes.map(({ label }) => label), ...classes];
}

/** Whether the line has labels, valid or not. */
export function isLabelled({ status, errors }: LineResult): boolean {
  return status !== 'ignored' && !errors.some(({ code }) => code === 'ERROR_NO_LABEL_ATTRIBUTES');
}

/** A line without the keys that the service adds when it lists the entry. */
function withoutNotes(line: string): string {
  if (line.length > SERVICE_LIMITS.lineCharacters) return '';
  try {
    const isOwn = (key: string) => key === DATASET_NOTES.errors || key === DATASET_METADATA;
    return JSON.stringify(JSON.parse(line, (key, value: unknown) => (isOwn(key) ? undefined : value)));
  } catch {
    return '';
  }
}
