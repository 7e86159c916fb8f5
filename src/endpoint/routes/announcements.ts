import { z } from 'zod';
import { datasetSettingsSchema } from '../../config/settings.js';
import { landingPrefix } from '../../dataset/model/layout.js';
import type { IntakeResult } from '../../intake/intake.js';
import { parseS3Events } from '../../intake/s3-events.js';
import { type App, type Doors, datasetName } from '../app.js';
import { Problem } from '../problems.js';

const EVENTS_BODY_LIMIT = 1024 * 1024;

/** Who put something under landing/ says so here: the sender, or S3. */
export function announcementRoutes(app: App, { intake }: Doors): void {
  app.post(
    '/notify-upload',
    {
      schema: {
        tags: ['upload'],
        summary: 'Start the run of an upload; a repeat answers the same',
        body: z.object({
          key: z.string().max(1024),
          dataset: datasetName,
          settings: datasetSettingsSchema.optional(),
        }),
      },
    },
    async ({ body }, reply) => {
      const { key, dataset, settings = {} } = body;
      if (!key.startsWith(`${landingPrefix}${dataset}/`)) {
        throw new Problem(400, `The key must lie under ${landingPrefix}${dataset}/.`);
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
        summary: "S3's own notifications of new objects",
        // Its shapes differ by server; what is unknown is refused with words of its own.
        body: z.unknown(),
      },
    },
    async ({ body }) => {
      const events: IntakeResult[] = [];
      for (const event of parseS3Events(body)) events.push(await intake.onEvent(event));
      return { events };
    },
  );
}
