import { randomUUID } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import Fastify, { type FastifyInstance } from 'fastify';
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { z } from 'zod';
import { NoRunError, RefusedError, UnavailableError } from '../client/errors.js';
import type { CuratorClient } from '../client.js';
import { datasetSettingsSchema } from '../config/settings.js';
import { contradictions, readSettings } from '../config.js';
import { isDatasetName } from '../dataset/identity.js';
import { landingKey, landingPrefix, requestKey } from '../dataset/layout.js';
import type { DatasetSettings } from '../dataset/settings.js';
import { StorageError } from '../storage/errors.js';
import { presignPut } from '../storage/presign.js';
import { requestSchema, safeName } from '../upload.js';
import { Problem, problemDocument } from './problems.js';
import { isAllowed } from './tokens.js';

export interface EndpointOptions {
  readonly client: CuratorClient;
  readonly presignClient: S3Client;
  /** Bearer tokens; empty: none asked for. */
  readonly tokens: readonly string[];
  /** Where unexpected errors are logged, a line of JSON each. */
  readonly log: NodeJS.WritableStream;
  /** Requests a minute from one address. */
  readonly rateLimit?: number;
}

const PRESIGN_SECS = 15 * 60;
/** One PUT of S3. */
const MAX_UPLOAD_BYTES = 5 * 1024 ** 3;
const BODY_LIMIT = 64 * 1024;
const REQUESTS_A_MINUTE = 600;
const OPEN_PATHS = ['/healthz', '/readyz', '/openapi.json'];

const dataset = z.string().refine(isDatasetName, 'use a-z, 0-9, dot, dash and underscore, up to 100');

/** The HTTP doors of Curator. */
export async function createEndpoint(options: EndpointOptions): Promise<FastifyInstance> {
  const logger = { level: 'error', stream: options.log };
  const app = Fastify({ bodyLimit: BODY_LIMIT, logger }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  await app.register(rateLimit, { max: options.rateLimit ?? REQUESTS_A_MINUTE, timeWindow: '1 minute' });
  await app.register(swagger, {
    openapi: { info: { title: 'Curator', version: '1' } },
    transform: jsonSchemaTransform,
  });
  // After the rate limit, which works on request: guessing tokens is limited too.
  app.addHook('preParsing', async (request) => {
    if (OPEN_PATHS.includes(request.url)) return;
    if (!isAllowed(options.tokens, request.headers.authorization)) {
      throw new Problem(401, 'Send one of the tokens of this endpoint: Authorization: Bearer <token>.');
    }
  });
  app.setErrorHandler((error, request, reply) => {
    const { status, detail } = describe(error);
    if (status === 500) request.log.error(error);
    return reply
      .code(status)
      .type('application/problem+json')
      .send(JSON.stringify(problemDocument(status, detail)));
  });
  app.setNotFoundHandler((request, reply) =>
    reply
      .code(404)
      .type('application/problem+json')
      .send(JSON.stringify(problemDocument(404, `There is no ${request.method} ${request.url}.`))),
  );
  addRoutes(app, options);
  return app;
}

function addRoutes(app: ReturnType<typeof typed>, { client, presignClient }: EndpointOptions): void {
  const { store, bucket } = client;

  app.get(
    '/data-presign',
    {
      schema: {
        querystring: z.object({
          filename: z.string().min(1).max(255),
          size: z.coerce.number().int().min(1).max(MAX_UPLOAD_BYTES),
          dataset,
        }),
      },
    },
    async ({ query }) => {
      const key = landingKey(query.dataset, randomUUID(), safeName(query.filename));
      const settings = readSettings({}, process.env).dataset;
      await writeRequest(key, query.dataset, settings);
      const put = { bucket, key, bytes: query.size, expiresInSecs: PRESIGN_SECS };
      const { url, headers, expiresAt } = await presignPut(presignClient, put);
      return { url, bucket, key, headers, expiresAt };
    },
  );

  app.post(
    '/notify-upload',
    {
      schema: {
        body: z.object({ key: z.string().max(1024), dataset, settings: datasetSettingsSchema.optional() }),
      },
    },
    async ({ body }, reply) => {
      const { key, dataset: name } = body;
      if (!key.startsWith(`${landingPrefix}${name}/`)) {
        throw new Problem(400, `The key must lie under ${landingPrefix}${name}/.`);
      }
      const head = await store.head(bucket, key);
      if (!head) throw new Problem(404, `There is no upload at ${key}.`);
      const defaults = readSettings({}, process.env);
      const beside = requestKeyBeside(key, name);
      const requested = beside ? await store.findJson(bucket, beside, requestSchema) : undefined;
      const settings = checked(Object.assign({}, defaults.dataset, requested?.settings, body.settings));
      await writeRequest(key, name, settings);
      const upload = { bucket, key, etag: head.etag, bytes: head.bytes };
      const { workflowId, runId } = await client.startIngest({
        dataset: name,
        upload,
        settings,
        run: defaults.run,
        trigger: 'event',
      });
      reply.code(202);
      return { workflowId, runId, statusUrl: `datasets/${name}` };
    },
  );

  app.get('/datasets/:name', { schema: { params: z.object({ name: dataset }) } }, async ({ params }) =>
    client.progress(params.name),
  );
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async () => {
    await client.ready();
    return { status: 'ready' };
  });
  app.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger());

  /** What an upload is for lies beside it, so that an event or a sweep that finds it knows. */
  async function writeRequest(key: string, name: string, settings: DatasetSettings): Promise<void> {
    const beside = requestKeyBeside(key, name);
    const request = `${JSON.stringify({ dataset: name, settings }, null, 2)}\n`;
    if (beside) await store.put(bucket, beside, request, { contentType: 'application/json' });
  }
}

/** None for a ZIP that somebody put straight under landing/<dataset>/: it has no folder of its own. */
function requestKeyBeside(key: string, name: string): string | undefined {
  const [uploadId, file] = key.slice(`${landingPrefix}${name}/`.length).split('/');
  return uploadId && file ? requestKey(name, uploadId) : undefined;
}

function checked(settings: DatasetSettings): DatasetSettings {
  const [contradiction] = contradictions(settings);
  if (contradiction) throw new Problem(400, `${contradiction}.`);
  return settings;
}

function typed(app: FastifyInstance) {
  return app.withTypeProvider<ZodTypeProvider>();
}

function describe(error: unknown): { status: number; detail: string } {
  if (error instanceof Problem) return { status: error.status, detail: error.message };
  if (error instanceof NoRunError) return { status: 404, detail: error.message };
  if (error instanceof RefusedError) return { status: 409, detail: error.message };
  if (error instanceof UnavailableError) return { status: 503, detail: error.message };
  if (error instanceof StorageError) return { status: 503, detail: error.message };
  const { statusCode, message } = error as { statusCode?: number; message?: string };
  if (statusCode !== undefined && statusCode < 500)
    return { status: statusCode, detail: message ?? 'Bad request.' };
  return {
    status: 500,
    detail: 'Something went wrong here; try again, and look at the log of the endpoint.',
  };
}
