import type { PhotoDetector } from '../../models/photo-detector.js';
import { type App, datasetParams } from '../app.js';

const MAX_PHOTO_BYTES = 16 * 1024 * 1024;
const PHOTOS_A_MINUTE = 60;
/** A model starts in seconds here, in minutes on AWS, where it isn't started from here. */
const MAX_WAIT_MS = 60_000;

/** Trying a model: a photo in, boxes out. */
export function detectRoutes(app: App, detector: PhotoDetector): void {
  app.addContentTypeParser(/^image\//, { parseAs: 'buffer', bodyLimit: MAX_PHOTO_BYTES }, (_, body, done) =>
    done(null, body),
  );

  app.post<{ Body: Buffer; Params: { name: string } }>(
    '/datasets/:name/detect',
    {
      config: { rateLimit: { max: PHOTOS_A_MINUTE } },
      bodyLimit: MAX_PHOTO_BYTES,
      schema: {
        tags: ['models'],
        summary: 'What the newest model finds on a photo, sent as the body',
        consumes: ['image/jpeg', 'image/png', 'image/webp'],
        params: datasetParams,
      },
    },
    async ({ params, body }) => await detector.detect(params.name, body, AbortSignal.timeout(MAX_WAIT_MS)),
  );
}
