import { z } from 'zod';
import { labelReviewCsv } from '../../advice/label-review-csv.js';
import { crossValidationSchema } from '../../contracts/cross-validation.js';
import { doubtfulLabelsSchema } from '../../contracts/label-doubts.js';
import { versionDir } from '../../dataset/model/identity.js';
import { versionKey } from '../../dataset/model/layout.js';
import { newestVersionOf } from '../../export/read-version.js';
import type { App, RouteDeps } from '../app.js';
import { noContent, problems } from '../describe-responses.js';
import { crossValidationResponse, startedCrossValidation } from '../model-schemas.js';
import { Problem } from '../problems.js';
import { datasetParams, versionName } from '../schemas.js';

const tags = ['datasets'];
const querystring = z.object({ version: versionName });

/** Routes that cross-validate a dataset version with the local detector, and return what that found out. */
export function crossValidationRoutes(app: App, { client }: RouteDeps): void {
  const { store, bucket, crossValidations } = client;

  app.get(
    '/datasets/:name/cross-validation',
    {
      schema: {
        tags,
        summary: 'Cross-validation of a dataset version: its progress, learning curves and doubtful labels',
        params: datasetParams,
        querystring,
        response: { 200: crossValidationResponse, ...problems(409, 503) },
      },
    },
    async ({ params: { name }, query: { version } }) => {
      const { running, failure } = await crossValidations.state(name, version);
      const curves = await store.findJson(bucket, curvesKey(name, version), crossValidationSchema);
      const labels = await store.findJson(bucket, labelsKey(name, version), doubtfulLabelsSchema);
      return { version, running, failure, classes: curves?.classes ?? null, labels: labels ?? null };
    },
  );

  app.post(
    '/datasets/:name/cross-validation',
    {
      schema: {
        tags,
        summary: 'Cross-validate the latest valid version of a dataset',
        description:
          'Fits the local detector nine times, which costs nothing and takes minutes. A cross-validation of the version that runs already is returned.',
        params: datasetParams,
        response: { 202: startedCrossValidation, ...problems(409, 503) },
      },
    },
    async ({ params: { name } }, reply) => {
      const version = versionDir(await newestVersionOf(store, bucket, name));
      await crossValidations.start(name, version);
      reply.code(202);
      return { version };
    },
  );

  app.delete(
    '/datasets/:name/cross-validation',
    {
      schema: {
        tags,
        summary: 'Stop the cross-validation of a dataset version',
        description: 'It ends within half a minute. A result of an earlier cross-validation is kept.',
        params: datasetParams,
        querystring,
        response: { 204: noContent('The stop was requested'), ...problems(409, 503) },
      },
    },
    async ({ params: { name }, query: { version } }, reply) => {
      await crossValidations.stop(name, version);
      return reply.code(204).send();
    },
  );

  app.get(
    '/datasets/:name/cross-validation/labels.csv',
    {
      schema: {
        tags,
        summary: 'The doubtful labels of a dataset version as CSV, the most doubtful first',
        params: datasetParams,
        querystring,
        response: {
          200: { description: 'The list', content: { 'text/csv': { schema: z.string() } } },
          ...problems(404, 409, 503),
        },
      },
    },
    async ({ params: { name }, query: { version } }, reply) => {
      const labels = await store.findJson(bucket, labelsKey(name, version), doubtfulLabelsSchema);
      if (!labels) throw new Problem(404, `Version ${version} of ${name} was not cross-validated.`);
      reply.type('text/csv; charset=utf-8');
      reply.header('content-disposition', `attachment; filename="${name}.doubtful-labels.csv"`);
      return labelReviewCsv({ ...labels, examined: 'all-images' });
    },
  );
}

const curvesKey = (name: string, version: string) => versionKey(name, version, 'cross_validation.json');
const labelsKey = (name: string, version: string) => versionKey(name, version, 'doubtful_labels.json');
