import { z } from 'zod';
import { preprocessedPrefix, rawPrefix, reportFactsKey, versionKey } from '../../dataset/model/layout.js';
import { formatOf } from '../../images/format.js';
import { reportFactsSchema } from '../../pipeline/report-facts-schema.js';
import { isPlainKey } from '../../storage/keys.js';
import type { App, RouteDeps } from '../app.js';
import { bodyOf, problems, streamed } from '../describe-responses.js';
import { ImageIndexes } from '../image-indexes.js';
import { Problem } from '../problems.js';
import {
  datasetParams,
  findingCasesSchema,
  imagePageSchema,
  type RejectedImages,
  rejectedSchema,
  reportSchema,
  versionName,
} from '../schemas.js';
import { REPORT_SANDBOX } from '../security.js';

const tags = ['datasets'];
const IMAGES_PER_REQUEST = 200;
const IMAGES_PER_MINUTE = 6000;
/** Types that browsers show and that cannot run scripts; SVG can. */
const SHOWN_TYPES = /^image\/(jpeg|png|webp|gif|avif|bmp|tiff)$/;
const SNIFFED_BYTES = 64;
/** Enough for some 200,000 rejected images. */
const MAX_REPORT_BYTES = 64 * 1024 * 1024;

const version = versionName.optional();

/** Routes that return the report, images and rejected images of a dataset version. */
export function versionRoutes(app: App, { client, downloads }: RouteDeps): void {
  const { store, bucket } = client;
  const indexes = new ImageIndexes(store, bucket);

  app.get(
    '/datasets/:name/report',
    {
      schema: {
        tags,
        summary: 'Report of a dataset version as HTML or JSON',
        params: datasetParams,
        querystring: z.object({ version, format: z.enum(['html', 'json']).default('html') }),
        response: {
          200: {
            description: 'report.html, or validation_report.json with format=json',
            content: {
              'text/html': { schema: streamed },
              'application/json': { schema: reportSchema },
            },
          },
          ...problems(404, 409, 503),
        },
      },
    },
    async ({ params, query }, reply) => {
      const file = query.format === 'html' ? 'report.html' : 'validation_report.json';
      const key = versionKey(params.name, await versionOf(params.name, query.version), file);
      const type = query.format === 'html' ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8';
      return await downloads.send(reply, async () => {
        const { body } = await store.open(bucket, key);
        reply.type(type).header('content-security-policy', REPORT_SANDBOX);
        return body;
      });
    },
  );

  app.get(
    '/datasets/:name/rejected',
    {
      schema: {
        tags,
        summary: 'Rejected images of a dataset version with reasons',
        params: datasetParams,
        querystring: z.object({ version }),
        response: { 200: rejectedSchema, ...problems(404, 409, 503) },
      },
    },
    async ({ params, query }) => {
      const key = versionKey(
        params.name,
        await versionOf(params.name, query.version),
        'validation_report.json',
      );
      const { rejected } = await store.getJson(bucket, key, recordedSchema, { maxBytes: MAX_REPORT_BYTES });
      return { rejected };
    },
  );

  app.get(
    '/datasets/:name/finding-cases',
    {
      schema: {
        tags,
        summary: 'Cases of the findings of a dataset version, with the images that show them',
        params: datasetParams,
        querystring: z.object({ version }),
        response: { 200: findingCasesSchema, ...problems(404, 409, 503) },
      },
    },
    async ({ params, query }) => {
      const of = await versionOf(params.name, query.version);
      // Absent in versions converted by earlier workers.
      const facts = await store.findJson(bucket, reportFactsKey(params.name, of), reportFactsSchema);
      return { version: of, cases: facts?.cases ?? [] };
    },
  );

  app.get(
    '/datasets/:name/images',
    {
      schema: {
        tags,
        summary: 'Images of the manifests with their boxes, sorted by key',
        params: datasetParams,
        querystring: z.object({
          version,
          split: z.enum(['train', 'val']).optional(),
          label: z.string().max(256).optional(),
          offset: z.coerce.number().int().min(0).default(0),
          limit: z.coerce.number().int().min(1).max(IMAGES_PER_REQUEST).default(50),
        }),
        response: { 200: imagePageSchema, ...problems(404, 409, 503) },
      },
    },
    async ({ params, query }) => {
      const { split, label, offset, limit } = query;
      const of = await versionOf(params.name, query.version);
      return await indexes.with(versionKey(params.name, of, 'images.jsonl'), async (index) => {
        const { total, tiles, images } = await index.page({ split, label }, offset, limit);
        return { version: of, total, tiles, offset, images };
      });
    },
  );

  app.get(
    '/datasets/:name/image',
    {
      config: { rateLimit: { max: IMAGES_PER_MINUTE } },
      schema: {
        tags,
        summary: 'An image file, preprocessed or original',
        params: datasetParams,
        querystring: z.object({ key: z.string().max(1024) }),
        response: { 200: bodyOf('image/*', 'The image file'), ...problems(404, 415, 503) },
      },
    },
    async ({ params, query: { key } }, reply) => {
      const isPreprocessed = key.startsWith(preprocessedPrefix(params.name));
      if (!isPlainKey(key) || !(isPreprocessed || key.startsWith(rawPrefix(params.name)))) {
        throw new Problem(
          400,
          `key must be an object below preprocessed/ or raw/ of the dataset ${params.name}.`,
        );
      }
      return await downloads.send(reply, async () => {
        const { body, bytes, contentType } = await store.open(bucket, key);
        const type = SHOWN_TYPES.test(contentType) ? contentType : await sniffed(key, bytes);
        if (!SHOWN_TYPES.test(type)) {
          body.destroy();
          throw new Problem(415, `${key} is not an image type that browsers can show.`);
        }
        reply
          .type(type)
          .header('content-length', bytes)
          .header('content-security-policy', 'sandbox')
          .header(
            'cache-control',
            isPreprocessed ? 'private, max-age=31536000, immutable' : 'private, no-cache',
          );
        return body;
      });
    },
  );

  async function versionOf(name: string, requested: string | undefined): Promise<string> {
    if (requested !== undefined) return requested;
    const { version: latest } = await client.progress(name);
    if (latest === null) throw new Problem(404, `The run of ${name} has no dataset version yet.`);
    return latest;
  }

  /** The content type by the file's first bytes: originals are stored without one. */
  async function sniffed(key: string, bytes: number): Promise<string> {
    const start = await store.getBytes(bucket, key, { start: 0, end: Math.min(bytes, SNIFFED_BYTES) });
    return `image/${formatOf(start)}`;
  }
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null;
/** Rejections are only passed on, so reports of earlier versions are accepted too. */
const recordedSchema = z.looseObject({
  rejected: z.array(z.custom<RejectedImages['rejected'][number]>(isObject)).default([]),
});
