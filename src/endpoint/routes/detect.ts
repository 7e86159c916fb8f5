import { z } from 'zod';
import type { PhotoDetector } from '../../models/photo-detector.js';
import type { App } from '../app.js';
import { problems } from '../describe-responses.js';
import { detectionSchema } from '../model-schemas.js';
import { KNOWN_TYPES, Problem } from '../problems.js';
import { datasetParams } from '../schemas.js';

const MAX_PHOTO_BYTES = 16 * 1024 * 1024;
const PHOTOS_PER_MINUTE = 60;
/** An emulated model starts within seconds. A model on AWS takes minutes and is not started by this route. */
const MAX_WAIT_MS = 60_000;

/** Route that detects objects on a photo with the latest model. */
export function detectRoutes(app: App, detector: PhotoDetector): void {
  app.addContentTypeParser(/^image\//, { parseAs: 'buffer', bodyLimit: MAX_PHOTO_BYTES }, (_, body, done) =>
    done(null, body),
  );

  app.post(
    '/datasets/:name/detect',
    {
      config: { rateLimit: { max: PHOTOS_PER_MINUTE } },
      bodyLimit: MAX_PHOTO_BYTES,
      schema: {
        tags: ['models'],
        summary: 'Detect objects on a photo with the latest model',
        description:
          'The body is the photo, maximum 16 MB. Starts an emulated model; a model that costs money while it runs is not started, and 409 says how to start it.',
        consumes: ['image/jpeg', 'image/png', 'image/webp'],
        params: datasetParams,
        querystring: z.object({
          minConfidence: z.coerce
            .number()
            .min(0)
            .max(100)
            .optional()
            .describe("Minimum confidence in percent; default: the model's own threshold for each class"),
        }),
        response: { 200: detectionSchema, ...problems(409, 503) },
      },
    },
    async ({ params, query, body }) => {
      if (!Buffer.isBuffer(body)) throw new Problem(415, KNOWN_TYPES);
      const signal = AbortSignal.timeout(MAX_WAIT_MS);
      const { labels, ...found } = await detector.detect(params.name, body, signal, query.minConfidence);
      return { ...found, labels: [...labels] };
    },
  );
}
