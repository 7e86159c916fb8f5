import { z } from 'zod';
import { modelCardKey } from '../../dataset/model/layout.js';
import { readModelCards } from '../../models/cards.js';
import { modelCardSchema } from '../../training/model-card-schema.js';
import { type App, type Doors, datasetParams } from '../app.js';

const tags = ['models'];
const modelVersion = z
  .string()
  .regex(/^[0-9a-f]{16}-r\d{1,6}$/, 'must be a model version: 16 hexadecimal digits and -r<attempt>');

/** Model cards, as training wrote them. */
export function modelRoutes(app: App, { client }: Doors): void {
  const { store, bucket } = client;

  app.get(
    '/datasets/:name/models',
    { schema: { tags, summary: 'The model cards, newest first', params: datasetParams } },
    async ({ params }) => ({ models: await readModelCards(store, bucket, params.name) }),
  );

  app.get(
    '/datasets/:name/models/:version',
    {
      schema: {
        tags,
        summary: 'One model card',
        params: datasetParams.extend({ version: modelVersion }),
      },
    },
    async ({ params }) =>
      await store.getJson(bucket, modelCardKey(params.name, params.version), modelCardSchema),
  );
}
