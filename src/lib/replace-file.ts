import { randomUUID } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { removedOnExit } from './temporary-file.js';

/**
 * Writes `file` by renaming a draft next to it, so that readers see either the old content or the complete new content.
 * Where `write` fails, or the process exits before, the draft is removed and `file` is unchanged.
 */
export async function replaceFile(file: string, write: (draft: string) => Promise<void>): Promise<void> {
  const draft = draftOf(file);
  const remove = removedOnExit(draft);
  try {
    await write(draft);
    await rename(draft, file);
  } finally {
    remove();
  }
}

/**
 * Writes `content` to `file` by renaming a draft next to it: after a crash the file has either the old content or the
 * complete new content. Only the current user can read the file.
 */
export function replaceFileSync(file: string, content: string | Buffer): void {
  const draft = draftOf(file);
  try {
    writeFileSync(draft, content, { mode: 0o600 });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

const draftOf = (file: string) => `${file}.${randomUUID()}.unfinished`;
