import { z } from 'zod';
import { exportFiles } from '../../export/export-files.js';
import { EXPORT_FORMATS } from '../../export/files.js';
import { imageReader, readNewestVersion } from '../../export/read-version.js';
import { zipStream } from '../../export/write-zip.js';
import type { App, RouteDeps } from '../app.js';
import { bodyOf, problems } from '../describe-responses.js';
import { Downloads } from '../downloads.js';
import { Problem } from '../problems.js';
import { datasetParams } from '../schemas.js';

/** An export reads every image of a dataset. */
const EXPORTS_PER_MINUTE = 20;

/** Each export reads up to 8 images of 15 MB in advance. */
const MAX_EXPORTS = 3;

/** The route that exports the latest valid version of a dataset, like `curator export`. */
export function exportRoute(app: App, { client: { store, bucket } }: RouteDeps): void {
  const exports = new Downloads(MAX_EXPORTS);
  app.get(
    '/datasets/:name/export',
    {
      exposeHeadRoute: false,
      config: { rateLimit: { max: EXPORTS_PER_MINUTE } },
      schema: {
        tags: ['datasets'],
        summary: 'Latest valid dataset version as a ZIP, in COCO or YOLO',
        params: datasetParams,
        querystring: z.object({ format: z.enum(EXPORT_FORMATS) }),
        response: { 200: bodyOf('application/zip', 'The ZIP'), ...problems(409, 503) },
      },
    },
    async ({ params, query: { format } }, reply) => {
      // Not queued: an export takes as long as its client reads.
      if (exports.isFull) {
        throw new Problem(
          503,
          `${MAX_EXPORTS} exports are being sent already. Try again once one has ended.`,
        );
      }
      return await exports.send(reply, async () => {
        const exported = await readNewestVersion(store, bucket, params.name);
        reply
          .type('application/zip')
          .header('content-disposition', `attachment; filename="${params.name}.${format}.zip"`);
        return zipStream(exportFiles(exported, format), imageReader(store, bucket));
      });
    },
  );
}
