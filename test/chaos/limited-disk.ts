import { execFile } from 'node:child_process';
import { mkdir, statfs } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Memory that the file system may use: enough for the objects of an hour. */
const BYTES = 4 * 1024 ** 3;
/** What is left when the disk is full: less than one run needs, but more than is written until the size has changed. */
const LEFT_BYTES = 1024 ** 2;

/** A file system in memory that can be filled at any time. */
export interface LimitedDisk {
  readonly folder: string;
  /** Leaves next to no space. */
  fill(): Promise<void>;
  /** Gives the space back. */
  free(): Promise<void>;
  unmount(): Promise<void>;
}

/** Mounts a file system in `folder`; undefined if this user or this system cannot. */
export async function mountLimitedDisk(folder: string): Promise<LimitedDisk | undefined> {
  const resize = async (bytes: number) => {
    await run('mount', ['-o', `remount,size=${bytes}`, folder]);
  };
  try {
    await mkdir(folder, { recursive: true });
    await run('mount', ['-t', 'tmpfs', '-o', `size=${BYTES}`, 'curator-chaos', folder]);
  } catch {
    return undefined;
  }
  return {
    folder,
    fill: async () => {
      const { blocks, bfree, bsize } = await statfs(folder);
      await resize((blocks - bfree) * bsize + LEFT_BYTES);
    },
    free: () => resize(BYTES),
    unmount: async () => {
      await run('umount', ['--lazy', folder]);
    },
  };
}
