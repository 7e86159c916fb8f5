import { deleteDataset } from '../../deletion/delete-dataset.js';
import { planDeletion } from '../../deletion/plan.js';
import type { App, RouteDeps } from '../app.js';
import { problems } from '../describe-responses.js';
import { datasetParams, deletionSchema } from '../schemas.js';

const tags = ['datasets'];

/** Routes that show what the deletion of a dataset deletes, and delete it. */
export function deletionRoutes(app: App, { client }: RouteDeps): void {
  app.get(
    '/datasets/:name/deletion',
    {
      schema: {
        tags,
        summary: 'What deleting the dataset would delete, and what would stay',
        params: datasetParams,
        response: { 200: deletionSchema, ...problems(404, 409, 503) },
      },
    },
    async ({ params }) => await planDeletion(client, params.name),
  );

  app.delete(
    '/datasets/:name',
    {
      schema: {
        tags,
        summary: 'Delete the dataset',
        description:
          'Deletes the uploads, images, versions and files of models. Returns what was deleted and what stays. 409: a run or a training is running. After an interruption the same request deletes the rest.',
        params: datasetParams,
        response: { 200: deletionSchema, ...problems(404, 409, 503) },
      },
    },
    async ({ params }) => await deleteDataset(client, params.name),
  );
}
