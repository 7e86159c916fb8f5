import { z } from 'zod';
import { preprocessedPrefix, rawPrefix, versionKey } from '../../dataset/model/layout.js';
import type { VersionImage } from '../../dataset/model/version-images.js';
import { formatOf } from '../../images/format.js';
import { parseVersionImages } from '../../pipeline/files.js';
import { type App, type Doors, datasetParams, versionName } from '../app.js';
import { Problem } from '../problems.js';

const tags = ['datasets'];
const IMAGES_A_REQUEST = 200;
const IMAGES_A_MINUTE = 6000;
/** Lists of images that are kept: they never change, and a gallery asks for the same one again and again. */
const KEPT_LISTS = 2;
/** What browsers show and what runs no script: SVG isn't among them. */
const SHOWN_TYPES = /^image\/(jpeg|png|webp|gif|avif|bmp|tiff)$/;
const SNIFFED_BYTES = 64;
/** The report is made of other people's names and pictures: it runs nothing, loads nothing and is no page of ours. */
const REPORT_POLICY = "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'";

const version = versionName.optional();

/** What a run has made of its archive: report, images, rejections. */
export function versionRoutes(app: App, { client }: Doors): void {
  const { store, bucket } = client;
  const lists = new Map<string, Promise<VersionImage[]>>();

  app.get(
    '/datasets/:name/report',
    {
      schema: {
        tags,
        summary: "The report of the run's version, for people or as JSON",
        params: datasetParams,
        querystring: z.object({ version, format: z.enum(['html', 'json']).default('html') }),
      },
    },
    async ({ params, query }, reply) => {
      const file = query.format === 'html' ? 'report.html' : 'validation_report.json';
      const key = versionKey(params.name, await versionOf(params.name, query.version), file);
      const { body } = await store.open(bucket, key);
      const type = query.format === 'html' ? 'text/html; charset=utf-8' : 'application/json; charset=utf-8';
      return await reply.type(type).header('content-security-policy', REPORT_POLICY).send(body);
    },
  );

  app.get(
    '/datasets/:name/rejected',
    {
      schema: {
        tags,
        summary: 'Images that could not be used, with why',
        params: datasetParams,
        querystring: z.object({ version }),
      },
    },
    async ({ params, query }) => {
      const key = versionKey(
        params.name,
        await versionOf(params.name, query.version),
        'validation_report.json',
      );
      const { rejected } = await store.getJson(bucket, key, rejectedSchema);
      return { rejected };
    },
  );

  app.get(
    '/datasets/:name/images',
    {
      schema: {
        tags,
        summary: 'The images of the manifests with their boxes, in the order of their keys',
        params: datasetParams,
        querystring: z.object({
          version,
          split: z.enum(['train', 'val']).optional(),
          label: z.string().max(256).optional(),
          offset: z.coerce.number().int().min(0).default(0),
          limit: z.coerce.number().int().min(1).max(IMAGES_A_REQUEST).default(50),
        }),
      },
    },
    async ({ params, query }) => {
      const { split, label, offset, limit } = query;
      const of = await versionOf(params.name, query.version);
      const all = await imagesOf(params.name, of);
      const chosen = all.filter(
        (image) =>
          (split === undefined || image.split === split) &&
          (label === undefined || image.boxes.some((box) => box.label === label)),
      );
      return { version: of, total: chosen.length, offset, images: chosen.slice(offset, offset + limit) };
    },
  );

  app.get(
    '/datasets/:name/image',
    {
      config: { rateLimit: { max: IMAGES_A_MINUTE } },
      schema: {
        tags,
        summary: 'An image of the dataset, preprocessed or as it was in the archive',
        params: datasetParams,
        querystring: z.object({ key: z.string().max(1024) }),
      },
    },
    async ({ params, query: { key } }, reply) => {
      const isPreprocessed = key.startsWith(preprocessedPrefix(params.name));
      // Some servers resolve dots as a file system does.
      const isPlain = !key.split('/').some((segment) => ['', '.', '..'].includes(segment));
      if (!isPlain || !(isPreprocessed || key.startsWith(rawPrefix(params.name)))) {
        throw new Problem(400, `The key must lie below preprocessed/ or raw/ of ${params.name}.`);
      }
      const { body, bytes, contentType } = await store.open(bucket, key);
      const type = SHOWN_TYPES.test(contentType) ? contentType : await sniffed(key, bytes);
      if (!SHOWN_TYPES.test(type)) {
        body.destroy();
        throw new Problem(415, `${key} is no image that a browser shows.`);
      }
      return await reply
        .type(type)
        .header('content-length', bytes)
        .header('content-security-policy', 'sandbox')
        .header(
          'cache-control',
          isPreprocessed ? 'private, max-age=31536000, immutable' : 'private, no-cache',
        )
        .send(body);
    },
  );

  async function versionOf(name: string, asked: string | undefined): Promise<string> {
    if (asked !== undefined) return asked;
    const { version: newest } = await client.progress(name);
    if (newest === null) throw new Problem(404, `The run of ${name} has no version yet.`);
    return newest;
  }

  async function imagesOf(name: string, of: string): Promise<VersionImage[]> {
    const key = versionKey(name, of, 'images.jsonl');
    const kept = lists.get(key);
    if (kept !== undefined) return await kept;
    const list = store.getBytes(bucket, key).then((bytes) => parseVersionImages(bytes.toString('utf8')));
    lists.set(key, list);
    for (const oldest of [...lists.keys()].slice(0, -KEPT_LISTS)) lists.delete(oldest);
    try {
      return await list;
    } catch (error) {
      lists.delete(key);
      throw error;
    }
  }

  /** Originals were stored without a type. */
  async function sniffed(key: string, bytes: number): Promise<string> {
    const start = await store.getBytes(bucket, key, { start: 0, end: Math.min(bytes, SNIFFED_BYTES) });
    return `image/${formatOf(start)}`;
  }
}

const rejectedSchema = z.looseObject({ rejected: z.array(z.unknown()).default([]) });
