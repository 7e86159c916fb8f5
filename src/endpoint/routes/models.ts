import { z } from 'zod';
import { modelCardKey } from '../../dataset/model/layout.js';
import { readModelCards } from '../../models/cards.js';
import { modelCardSchema } from '../../training/model-card-schema.js';
import type { App, RouteDeps } from '../app.js';
import { problems } from '../describe-responses.js';
import { datasetParams, modelCardResponse, modelCardsSchema } from '../schemas.js';

const tags = ['models'];
const modelVersion = z
  .string()
  .regex(/^[0-9a-f]{16}-r\d{1,6}$/, 'must be a model version: 16 hexadecimal digits and -r<attempt>');

/** Routes that return model cards. */
export function modelRoutes(app: App, { client }: RouteDeps): void {
  const { store, bucket } = client;

  app.get(
    '/datasets/:name/models',
    {
      schema: {
        tags,
        summary: 'Model cards of a dataset, newest first',
        params: datasetParams,
        response: { 200: modelCardsSchema, ...problems(503) },
      },
    },
    async ({ params }) => ({ models: await readModelCards(store, bucket, params.name) }),
  );

  app.get(
    '/datasets/:name/models/:version',
    {
      schema: {
        tags,
        summary: 'Model card of a model version',
        params: datasetParams.extend({ version: modelVersion }),
        response: { 200: modelCardResponse, ...problems(404, 503) },
      },
    },
    async ({ params }) =>
      await store.getJson(bucket, modelCardKey(params.name, params.version), modelCardSchema),
  );
}
