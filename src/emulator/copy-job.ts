import { serviceMessage } from '../custom-labels/rules.js';
import type { Context } from './context.js';
import { isRefused } from './manifest-reading.js';
import { outputKeys } from './output-files.js';
import type { Project, Version } from './state.js';
import { type JobEnd, READY } from './training-job.js';

const FAILED = { status: 'TRAINING_FAILED', f1: null, validated: false } as const;

/**
 * Copies the files that the training of the source model version wrote to the output location of its copy.
 * @throws StorageError if S3 is unavailable; the signal's reason if it aborts
 */
export async function copyOutput(
  { state, store }: Pick<Context, 'state' | 'store'>,
  project: Project,
  version: Version,
  signal: AbortSignal,
): Promise<JobEnd> {
  const source = state.projects
    .flatMap((owner) => owner.versions.map((copied) => ({ owner, copied })))
    .find(({ copied }) => copied.arn === version.source);
  if (!source?.copied.end) return { ...FAILED, message: 'The source model version no longer exists.' };
  const { owner, copied } = source;
  const to = outputKeys(project, version);
  const files = Object.entries(outputKeys(owner, copied)).map(([kind, key]) => ({
    from: key,
    to: to[kind as keyof typeof to],
  }));
  try {
    for (const file of files) {
      const bytes = await store.findBytes(copied.output.S3Bucket, file.from, { signal });
      if (bytes)
        await store.put(version.output.S3Bucket, file.to, bytes, { contentType: 'application/json', signal });
    }
  } catch (error) {
    if (!isRefused(error)) throw error;
    return { ...FAILED, message: serviceMessage('ERROR_CANNOT_WRITE_OUTPUT_S3_BUCKET') };
  }
  return {
    status: 'TRAINING_COMPLETED',
    message: READY,
    f1: copied.end?.f1 ?? null,
    validated: copied.end?.validated ?? false,
  };
}
