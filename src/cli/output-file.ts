import { randomUUID } from 'node:crypto';
import { access, constants, open, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { configFileOf } from '../config/config-file.js';
import { errorMessage, sentence } from '../lib/error-message.js';
import { replaceFile } from '../lib/replace-file.js';
import { UsageError } from '../lib/usage-error.js';

/**
 * Checks that a file can be written, before work that takes minutes: creates a file next to it and removes it again.
 * @param inputs files that the command reads; beside them, the configuration file is never overwritten
 * @throws UsageError if it is an input, by whatever path or link, if it is no regular file, or if its folder does not exist
 * or is not writable
 */
export async function refuseUnwritable(file: string, inputs: readonly string[] = []): Promise<void> {
  await refuseInput(file, [...inputs, configFileOf()]);
  const existing = await stat(file).catch(() => undefined);
  if (existing && !existing.isFile()) {
    const kind = existing.isDirectory() ? 'a folder' : 'not a regular file';
    throw new UsageError(`${file} cannot be written: it is ${kind}. Name another file.`);
  }
  const probe = join(dirname(resolve(file)), `.${basename(file)}.${randomUUID()}.unfinished`);
  try {
    if (existing) await access(file, constants.W_OK);
    await (await open(probe, 'wx')).close();
    await rm(probe);
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${reasonOf(error)}`);
  }
}

/** Compares files by device and inode: links and other spellings of a path name the same file. */
async function refuseInput(file: string, inputs: readonly string[]): Promise<void> {
  const output = await identityOf(file);
  if (output === undefined) return;
  for (const input of inputs) {
    if ((await identityOf(input)) !== output) continue;
    const same = resolve(input) === resolve(file) ? '' : `, ${input}`;
    throw new UsageError(
      `${file} cannot be written: it is a file that this command reads${same}. Name another file.`,
    );
  }
}

async function identityOf(file: string): Promise<string | undefined> {
  const found = await stat(file, { bigint: true }).catch(() => undefined);
  return found?.isFile() ? `${found.dev}:${found.ino}` : undefined;
}

/**
 * Writes a file completely or not at all; a link to a file is kept.
 * @throws Error that says why it cannot be written
 */
export async function writeOutput(file: string, content: string | Buffer): Promise<void> {
  const target = await realpath(file).catch(() => file);
  try {
    await replaceFile(target, (draft) => writeFile(draft, content, { flag: 'wx' }));
  } catch (error) {
    throw new Error(`${file} cannot be written: ${reasonOf(error)}`);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist. Create the folder, or name another file.',
  ENOTDIR: 'a part of its path is a file, not a folder. Name another file.',
  EACCES: 'it or its folder is not writable. Change the permissions, or name another file.',
  EROFS: 'its file system is read-only. Name another file.',
  ENOSPC: 'the disk is full. Free space, or name a file on another disk.',
  EDQUOT: 'your disk quota is used up. Free space, or name a file on another disk.',
  ENAMETOOLONG: 'its name is too long. Name another file.',
};

const reasonOf = (error: unknown) =>
  REASONS[(error as NodeJS.ErrnoException).code ?? ''] ?? sentence(errorMessage(error));
