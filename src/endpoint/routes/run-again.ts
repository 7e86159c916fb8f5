import { z } from 'zod';
import { datasetSettingsSchema } from '../../config/settings.js';
import { lastSettings, runAgain } from '../../intake/run-again.js';
import type { App, RouteDeps } from '../app.js';
import { problems } from '../describe-responses.js';
import { datasetParams, settingsResponse, startedRunSchema } from '../schemas.js';

const tags = ['datasets'];

/** Routes that run the archive of a dataset's latest run again, with other settings. */
export function runAgainRoutes(app: App, { intake }: RouteDeps): void {
  app.get(
    '/datasets/:name/settings',
    {
      schema: {
        tags,
        summary: 'Dataset settings of the latest run',
        params: datasetParams,
        response: { 200: settingsResponse, ...problems(404, 409, 503) },
      },
    },
    async ({ params }) => ({ settings: await lastSettings(intake, params.name) }),
  );

  app.post(
    '/datasets/:name/runs',
    {
      schema: {
        tags,
        summary: 'Run the archive of the latest run again',
        description:
          'Settings that are not named stay as they were. With unchanged settings, a run that is done is returned and another one is repeated.',
        params: datasetParams,
        body: z.object({ settings: datasetSettingsSchema.default({}) }),
        response: { 202: startedRunSchema, ...problems(404, 409, 503) },
      },
    },
    async ({ params, body }, reply) => {
      const { workflowId, runId } = await runAgain(intake, params.name, body.settings);
      reply.code(202);
      return { workflowId, runId, statusUrl: `datasets/${params.name}` };
    },
  );
}
