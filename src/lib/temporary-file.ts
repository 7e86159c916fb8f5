import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFile {
  readonly path: string;
  /** Removes the file if it exists. */
  remove(): void;
}

/** Names a new temporary file, which is removed at the latest when the process exits. */
export function temporaryFile(extension: string): TemporaryFile {
  const path = join(tmpdir(), `curator-${randomUUID()}${extension}`);
  return { path, remove: removedOnExit(path) };
}

/** Removes a file or folder, if it exists, when the returned function is called or the process exits. */
export function removedOnExit(path: string): () => void {
  const remove = () => {
    process.removeListener('exit', remove);
    rmSync(path, { recursive: true, force: true });
  };
  process.once('exit', remove);
  return remove;
}
