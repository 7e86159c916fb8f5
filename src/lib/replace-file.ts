import { randomUUID } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';

/**
 * Writes `file` by way of a draft beside it, so that readers see the old content or the whole new one.
 * Where `write` fails the draft is removed and `file` stays as it was.
 */
export async function replaceFile(file: string, write: (draft: string) => Promise<void>): Promise<void> {
  const draft = draftOf(file);
  try {
    await write(draft);
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/**
 * Writes `content` to `file` by way of a draft beside it: after a crash the file has the old content or the whole new
 * one. Only the current user can read the file.
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
