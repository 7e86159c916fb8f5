import { access } from 'node:fs/promises';
import { RefusedError } from '../client/errors.js';

/**
 * Refuses to replace a file without --force.
 * @param flag the flag that names the file
 * @throws RefusedError if the file exists and `force` is not set
 */
export async function refuseExisting(
  flag: '--out' | '--labels',
  out: string,
  force: boolean | undefined,
): Promise<void> {
  if (force) return;
  const exists = await access(out).then(
    () => true,
    () => false,
  );
  if (exists)
    throw new RefusedError(
      `${out} already exists. Choose another file with ${flag}, or use --force to replace it.`,
    );
}
