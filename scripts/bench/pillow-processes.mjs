// One Python process per image, which gets, resizes with Pillow and puts it: a function per image without its start.
import { execFile, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import limit from 'p-limit';

const PROGRAM = fileURLToPath(new URL('./pillow-image.py', import.meta.url));
const execute = promisify(execFile);

/** Whether the interpreter has Pillow. */
export function hasPillow(python) {
  return spawnSync(python, ['-c', 'import PIL.Image']).status === 0;
}

/**
 * Resizes images that are in S3 one by one already: unpacking the archive is not part of it.
 * @param python the interpreter
 * @param signer an S3Client that signs the URLs
 * @param originals keys of the images
 * @param prefix where the copies are put
 */
export async function pillowProcesses(python, signer, bucket, originals, prefix) {
  const atOnce = limit(availableParallelism());
  const urlOf = (Command, Key) => getSignedUrl(signer, new Command({ Bucket: bucket, Key }));
  await Promise.all(
    originals.map((key, index) =>
      atOnce(async () => {
        const target = `${prefix}/images/${index}.jpg`;
        await execute(python, [
          PROGRAM,
          await urlOf(GetObjectCommand, key),
          await urlOf(PutObjectCommand, target),
        ]);
      }),
    ),
  );
}
