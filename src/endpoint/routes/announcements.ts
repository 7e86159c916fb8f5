import { z } from 'zod';
import { datasetSettingsSchema } from '../../config/settings.js';
import { landingPrefix } from '../../dataset/model/layout.js';
import type { IntakeResult } from '../../intake/intake.js';
import { parseS3Events } from '../../intake/s3-events.js';
import type { App, RouteDeps } from '../app.js';
import { problems } from '../describe-responses.js';
import { Problem } from '../problems.js';
import { announcedSchema, datasetName, startedRunSchema } from '../schemas.js';

const EVENTS_BODY_LIMIT = 1024 * 1024;

/** Routes that announce uploads under landing/: called by the sender, or by S3. */
export function announcementRoutes(app: App, { intake }: RouteDeps): void {
  app.post(
    '/notify-upload',
    {
      schema: {
        tags: ['upload'],
        summary: 'Start the run of an upload',
        description: 'A repeated request returns the same run.',
        body: z.object({
          key: z.string().max(1024),
          dataset: datasetName,
          settings: datasetSettingsSchema.optional(),
        }),
        response: { 202: startedRunSchema, ...problems(404, 409, 503) },
      },
    },
    async ({ body }, reply) => {
      const { key, dataset, settings = {} } = body;
      if (!key.startsWith(`${landingPrefix}${dataset}/`)) {
        throw new Problem(400, `key must begin with ${landingPrefix}${dataset}/.`);
      }
      const { workflowId, runId } = await intake.notify({ key, dataset, settings });
      reply.code(202);
      return { workflowId, runId, statusUrl: `datasets/${dataset}` };
    },
  );

  app.post(
    '/s3-events',
    {
      bodyLimit: EVENTS_BODY_LIMIT,
      schema: {
        tags: ['upload'],
        summary: 'Receive S3 event notifications',
        // The shapes differ between S3 servers: parseS3Events validates them and explains what it refuses.
        body: z.unknown(),
        response: { 200: announcedSchema, ...problems(503) },
      },
    },
    async ({ body }) => {
      const events: IntakeResult[] = [];
      for (const event of parseS3Events(body)) events.push(await intake.onEvent(event));
      return { events };
    },
  );
}
