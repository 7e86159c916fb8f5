import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { kindOf } from './read-regular-file.js';
import { UsageError } from './usage-error.js';

/**
 * The size of a file in bytes, and whether the path is a folder (whose size is 0).
 * @throws UsageError if it does not exist, is an empty file, or is a device or pipe
 */
export async function statOf(path: string): Promise<{ size: number; isFolder: boolean }> {
  const file = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EACCES') throw new UsageError(`${path}: no such file or folder.`);
    throw new UsageError(
      `${path} cannot be read: a folder of its path denies access. Change its permissions.`,
    );
  });
  if (file.isDirectory()) return { size: 0, isFolder: true };
  if (!file.isFile()) throw new UsageError(`${path} is ${kindOf(file)}. Name a file or a folder.`);
  if (file.size === 0) throw new UsageError(`${path} is empty.`);
  return { size: file.size, isFolder: false };
}

/** The SHA-256 of a file's content, in hexadecimal. */
export async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}
