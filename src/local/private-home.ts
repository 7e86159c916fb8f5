import { chmodSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../lib/make-folder.js';

/** What a stack keeps in its folder. */
const CONTENT = [
  ...['logs', 's3', 'rekognition', 'uploads'],
  ...['temporal.db', 'temporal.db-wal', 'temporal.db-shm', 'stack.json', 'credentials.json'],
];

/**
 * Creates the folder of a stack and makes what it contains accessible to its owner only: photos, database and logs. The
 * folder itself keeps its permissions if it exists, since it may contain other files of the user.
 * @throws UsageError if it cannot be created
 */
export function preparePrivateHome(home: string): void {
  makeFolder(join(home, 'logs'), 'CURATOR_HOME');
  for (const name of CONTENT) closeToOthers(join(home, name));
}

/** Runs `work`, during which created files, also those of started processes, are accessible to their owner only. */
export function privately<T>(work: () => T): T {
  const before = process.umask(0o077);
  try {
    return work();
  } finally {
    process.umask(before);
  }
}

function closeToOthers(path: string): void {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return;
  try {
    chmodSync(path, stat.mode & 0o700);
  } catch {
    // File systems without permissions, such as FAT, refuse it.
  }
}
