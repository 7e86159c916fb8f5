import type { DatasetError } from '../dataset/model/errors.js';
import type { DirectoryEntry } from './entry.js';
import { refusedEntry } from './paths.js';

/** Maximum names that the error shows beside the path, and characters of each. */
const SHOWN_NAMES = 3;
const MAX_NAME = 100;

/** The error of entries that have one path but different contents. It says how their names differ, if they do. */
export function repeatedEntry(path: string, entries: readonly Pick<DirectoryEntry, 'name'>[]): DatasetError {
  const names = new Set(entries.map(({ name }) => name));
  const others = names.size === 1 ? [] : [...names].filter((name) => name !== path);
  const visible = others.filter((name) => name.normalize('NFC') !== path);
  const differences = [
    ...visible.slice(0, SHOWN_NAMES).map((name) => `also as ${JSON.stringify(name.slice(0, MAX_NAME))}`),
    ...(visible.length < others.length
      ? ['with composed and with decomposed letters (Unicode NFC and NFD), which look the same']
      : []),
  ];
  return refusedEntry(
    'ArchiveUnsafe',
    path,
    ['occurs several times with different contents', ...differences].join(', '),
    'Remove or rename all but one and zip the files again.',
  );
}
