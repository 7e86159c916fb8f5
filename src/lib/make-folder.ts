import { mkdirSync, type Stats, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { errorMessage } from './error-message.js';
import { kindOf } from './read-regular-file.js';
import { UsageError } from './usage-error.js';

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'its file system does not allow it',
  EACCES: 'the folder above it is not writable',
  EPERM: 'its file system does not allow it',
  EROFS: 'its file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your disk quota is used up',
  ENAMETOOLONG: 'its name is too long',
};

/**
 * Creates a folder, for its owner only, and its missing parents, if it does not exist. Creates one level at a time, since
 * Node's `recursive` never returns below folders such as /proc.
 * @param setting the variable or flag by which the person named the folder, for messages
 * @throws UsageError if a part of the path is not a folder or cannot be created
 */
export function makeFolder(path: string, setting: string): void {
  const folder = resolve(path);
  const problem = (text: string) =>
    new UsageError(`${setting}: ${folder} ${text}. Set ${setting} to another folder.`);
  const found = entryAt(folder);
  if (found?.isDirectory()) return;
  if (found) throw problem(`is ${found.isFile() ? 'a file' : kindOf(found)}, not a folder`);
  if (dirname(folder) !== folder) makeFolder(dirname(folder), setting);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process has created it meanwhile.
    if (entryAt(folder)?.isDirectory()) return;
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw problem(`cannot be created: ${REASONS[code] ?? errorMessage(error)}`);
  }
}

/** What is at a path; undefined if nothing is, or it cannot be known. */
function entryAt(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
