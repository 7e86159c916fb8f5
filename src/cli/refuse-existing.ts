import { access } from 'node:fs/promises';
import { RefusedError } from '../client/errors.js';

/** @throws RefusedError if the file exists and `force` is not set */
export async function refuseExisting(out: string, force: boolean | undefined): Promise<void> {
  if (force) return;
  const exists = await access(out).then(
    () => true,
    () => false,
  );
  if (exists)
    throw new RefusedError(`${out} already exists. Choose another --out, or use --force to replace it.`);
}
