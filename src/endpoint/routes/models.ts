import { z } from 'zod';
import { modelCardKey, modelReportKey } from '../../dataset/model/layout.js';
import type { Box } from '../../dataset/model/types.js';
import { listModelCards, readModelCard } from '../../models/cards.js';
import { type ComparedModel, compareWithLatest } from '../../models/compare-with-latest.js';
import { readTestedModel, sizeProblem, type TestedImage, testedImages } from '../../models/tested-model.js';
import type { ObjectStore } from '../../storage/object-store.js';
import type { ModelCard } from '../../training/model-card-schema.js';
import type { App, RouteDeps } from '../app.js';
import { bodyOf, problems } from '../describe-responses.js';
import { type Comparisons, comparisonsSchema, type TestImages, testImagesSchema } from '../model-schemas.js';
import { Problem } from '../problems.js';
import { datasetParams, modelCardResponse, modelCardsSchema } from '../schemas.js';
import { REPORT_SANDBOX } from '../security.js';

const tags = ['models'];
/** Models that the page shows side by side. */
const MAX_COMPARED = 5;
export const modelVersion = z
  .string()
  .regex(/^[0-9a-f]{16}-r\d{1,6}$/, 'must be a model version: 16 hexadecimal digits and -r<attempt>');

/** Routes that return model cards, and what a model predicted on its test images. */
export function modelRoutes(app: App, { client, downloads }: RouteDeps): void {
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
    async ({ params }) => {
      const { cards, unreadable } = await listModelCards(store, bucket, params.name);
      return { models: [...cards], unreadable: [...unreadable] };
    },
  );

  app.get(
    '/datasets/:name/models/:version',
    {
      schema: {
        tags,
        summary: 'Model card of a model version',
        params: datasetParams.extend({ version: modelVersion }),
        response: { 200: modelCardResponse, ...problems(404, 409, 503) },
      },
    },
    async ({ params }) => await readModelCard(store, bucket, modelCardKey(params.name, params.version)),
  );

  app.get(
    '/datasets/:name/models/:version/report',
    {
      schema: {
        tags,
        summary: 'Report of a model version as HTML: its errors, and its worst test images',
        params: datasetParams.extend({ version: modelVersion }),
        response: { 200: bodyOf('text/html', 'The report'), ...problems(404, 503) },
      },
    },
    async ({ params }, reply) => {
      return await downloads.send(reply, async () => {
        const { body } = await store.open(bucket, modelReportKey(params.name, params.version));
        reply.type('text/html; charset=utf-8').header('content-security-policy', REPORT_SANDBOX);
        return body;
      });
    },
  );

  app.get(
    '/datasets/:name/model-comparisons',
    {
      schema: {
        tags,
        summary: 'The latest models of a dataset, compared on the photos that both were tested on',
        params: datasetParams,
        response: { 200: comparisonsSchema, ...problems(409, 503) },
      },
    },
    async ({ params: { name } }) => {
      const { cards } = await listModelCards(store, bucket, name);
      const compared = await compareWithLatest(
        cards.slice(0, MAX_COMPARED),
        async (card) =>
          (await sizeProblem(store, bucket, card)) ?? (await readTestedModel(store, bucket, card)),
      );
      return { comparisons: compared.slice(1).map(describeComparison) };
    },
  );

  app.get(
    '/datasets/:name/models/:version/test-images',
    {
      schema: {
        tags,
        summary: 'Test images of a model version with their labelled boxes and its detections',
        params: datasetParams.extend({ version: modelVersion }),
        response: { 200: testImagesSchema, ...problems(404, 409, 413, 503) },
      },
    },
    async ({ params }) => {
      const card = await testedCard(store, bucket, params);
      const tested = await readTestedModel(store, bucket, card);
      if (typeof tested === 'string') throw new Problem(404, `There are no test images: ${tested}.`);
      return { images: testedImages(tested).map(describe) };
    },
  );
}

/** The card of a model whose predictions are read whole. @throws Problem 413 if they are too large */
export async function testedCard(
  store: ObjectStore,
  bucket: string,
  { name, version }: { name: string; version: string },
): Promise<ModelCard> {
  const card = await readModelCard(store, bucket, modelCardKey(name, version));
  const tooLarge = await sizeProblem(store, bucket, card);
  if (tooLarge !== null) throw new Problem(413, tooLarge);
  return card;
}

function describeComparison({
  card,
  comparison,
  incomparable,
}: ComparedModel): Comparisons['comparisons'][number] {
  const { photos = 0, labels = [], f1 = null, otherF1: latestF1 = null } = comparison ?? {};
  const { modelVersion } = card.model;
  const problem = incomparable === '' ? null : incomparable;
  return { modelVersion, photos, labels: [...labels], f1, latestF1, problem };
}

/** A test image as the response describes it. */
function describe({
  path,
  key,
  tile,
  width,
  height,
  truth,
  detections,
}: TestedImage): TestImages['images'][number] {
  return {
    ...{ path, key, width, height },
    ...(tile ? { tile } : {}),
    truth: truth.map(boxOf),
    detections: detections.map((one) => ({ ...boxOf(one), confidence: one.confidence })),
  };
}

/** Without the confidence of labelled boxes and the flags of detections, which the response does not describe. */
const boxOf = ({ label, left, top, width, height }: Box): Box => ({ label, left, top, width, height });
