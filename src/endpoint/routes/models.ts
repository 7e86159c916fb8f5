import pLimit from 'p-limit';
import { z } from 'zod';
import { modelCardKey, modelsPrefix } from '../../dataset/layout.js';
import { modelCardSchema } from '../../training/model-card-schema.js';
import { type App, type Doors, datasetParams } from '../app.js';

const tags = ['models'];
const READS_AT_ONCE = 8;
const modelVersion = z
  .string()
  .regex(/^[0-9a-f]{16}-r\d{1,6}$/, 'a model version is 16 hexadecimal digits and -r<attempt>');

/** Model cards, as training wrote them. */
export function modelRoutes(app: App, { client }: Doors): void {
  const { store, bucket } = client;

  app.get(
    '/datasets/:name/models',
    { schema: { tags, summary: 'The model cards, newest first', params: datasetParams } },
    async ({ params }) => {
      const prefix = modelsPrefix(params.name);
      const cards: { key: string; modified: Date }[] = [];
      // The service's own output lies deeper.
      for await (const object of store.list(bucket, prefix)) {
        if (/^[^/]+\.json$/.test(object.key.slice(prefix.length))) cards.push(object);
      }
      cards.sort((a, b) => b.modified.getTime() - a.modified.getTime());
      const limit = pLimit(READS_AT_ONCE);
      const models = cards.map(({ key }) => limit(() => store.getJson(bucket, key, modelCardSchema)));
      return { models: await Promise.all(models) };
    },
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
