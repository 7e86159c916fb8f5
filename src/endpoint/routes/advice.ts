import { z } from 'zod';
import { labelReviewCsv } from '../../advice/label-review-csv.js';
import { type ModelAdvice, readModelAdvice } from '../../models/model-advice.js';
import type { App, RouteDeps } from '../app.js';
import { problems } from '../describe-responses.js';
import { adviceSchema } from '../model-schemas.js';
import { Problem } from '../problems.js';
import { datasetParams } from '../schemas.js';
import { modelVersion, testedCard } from './models.js';

const tags = ['models'];
const params = datasetParams.extend({ version: modelVersion });

/** Routes that return what to do next with a model, and which labels to check. */
export function adviceRoutes(app: App, { client: { store, bucket } }: RouteDeps): void {
  app.get(
    '/datasets/:name/models/:version/advice',
    {
      schema: {
        tags,
        summary: 'What to do next with a model version, and the labels to check',
        params,
        response: { 200: adviceSchema, ...problems(404, 409, 413, 503) },
      },
    },
    async ({ params: { name, version } }) => {
      const { steps, review } = await adviceOf(name, version);
      return { steps: [...steps], doubts: [...review.doubts], examined: review.examined };
    },
  );

  app.get(
    '/datasets/:name/models/:version/label-review.csv',
    {
      schema: {
        tags,
        summary: 'The labels to check of a model version as CSV, the most doubtful first',
        params,
        response: {
          200: { description: 'The list', content: { 'text/csv': { schema: z.string() } } },
          ...problems(404, 409, 413, 503),
        },
      },
    },
    async ({ params: { name, version } }, reply) => {
      const { review } = await adviceOf(name, version);
      reply.type('text/csv; charset=utf-8');
      reply.header('content-disposition', `attachment; filename="${name}.labels-to-check.csv"`);
      return labelReviewCsv(review);
    },
  );

  async function adviceOf(name: string, version: string): Promise<ModelAdvice> {
    const card = await testedCard(store, bucket, { name, version });
    const advice = await readModelAdvice(store, bucket, card);
    if (typeof advice === 'string') throw new Problem(404, `There is no advice: ${advice}.`);
    return advice;
  }
}
