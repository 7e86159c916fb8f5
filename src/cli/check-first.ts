import { fileSource } from '../archive/source.js';
import { examineArchive } from '../check/examine.js';
import { inspectApart } from '../pipeline/inspect-apart.js';
import { ThumbnailFile } from '../pipeline/thumbnail-file.js';
import type { Followed } from './follow.js';
import type { IngestJob } from './ingest-route.js';
import type { ProgressDisplay } from './output/progress.js';

/**
 * Checks an archive of this machine before anything of it is uploaded, by the same code as `curator check` and the page.
 * Returns undefined if it is fit. Objects in S3 are checked by their run: reading them here would download them.
 */
export async function checkFirst(
  path: string,
  { dataset, settings }: IngestJob,
  display: ProgressDisplay,
): Promise<Followed | undefined> {
  // First: if it cannot be created, nothing is open that had to be closed.
  const thumbnails = new ThumbnailFile();
  const source = await fileSource(path);
  try {
    const { result } = await examineArchive(source, {
      dataset,
      settings,
      inspect: inspectApart,
      thumbnails,
      onProgress: ({ stage, done, total }) => {
        if (stage === 'preprocessing') display.counted('checking', done, total, 'images');
      },
    });
    return result.fit ? undefined : { kind: 'unfit', result };
  } finally {
    thumbnails.close();
    await source.close();
  }
}
