import { fileURLToPath } from 'node:url';
import type { S3Client } from '@aws-sdk/client-s3';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import Fastify, { type FastifyInstance, type FastifyPluginAsync } from 'fastify';
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import type { Intake } from '../intake/intake.js';
import type { PhotoDetector } from '../models/photo-detector.js';
import { presignPut } from '../storage/presign.js';
import type { App, Doors } from './app.js';
import { invalidRequest } from './invalid-request.js';
import { Problem, sendProblem } from './problems.js';
import { announcementRoutes } from './routes/announcements.js';
import { datasetRoutes } from './routes/datasets.js';
import { detectRoutes } from './routes/detect.js';
import { healthRoutes } from './routes/health.js';
import { modelRoutes } from './routes/models.js';
import { pageRoutes } from './routes/page.js';
import { sessionRoutes } from './routes/session.js';
import { uploadRoutes } from './routes/uploads.js';
import { versionRoutes } from './routes/versions.js';
import { addSecurity } from './security.js';
import { Watchers } from './watchers.js';

export interface EndpointOptions {
  readonly intake: Intake;
  readonly presignClient: S3Client;
  readonly detector: PhotoDetector;
  /** Bearer tokens; empty: none asked for. */
  readonly tokens: readonly string[];
  /** Where unexpected errors are logged, a line of JSON each. */
  readonly log: NodeJS.WritableStream;
  /** Other origins whose pages may use the endpoint. */
  readonly origins?: readonly string[];
  /** Path that everything lies under, without a slash at its end. */
  readonly basePath?: string;
  /** Requests a minute from one address. */
  readonly rateLimit?: number;
  /** The built page. */
  readonly pageFolder?: string;
  readonly workflowUrl?: Doors['workflowUrl'];
}

const BODY_LIMIT = 64 * 1024;
const REQUESTS_A_MINUTE = 1200;
/** For answers that are under way when the endpoint is told to stop. */
const CLOSE_GRACE_MS = 1_000;
/** Its own would send browsers to https, and allow the pictures of another host. */
const DOCS_POLICY =
  "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; frame-ancestors 'self'";
/** The page is built into dist/web/, and tests run from the sources beside it. */
const PAGE = new URL(import.meta.url.includes('/dist/') ? '../web/' : '../../dist/web/', import.meta.url);

/** The HTTP doors of Curator. */
export async function createEndpoint(options: EndpointOptions): Promise<FastifyInstance> {
  const { intake, presignClient, basePath = '' } = options;
  const app: App = Fastify({
    bodyLimit: BODY_LIMIT,
    logger: { level: 'error', stream: options.log },
    // Headers of a proxy are believed from this machine only.
    trustProxy: 'loopback',
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setSchemaErrorFormatter(invalidRequest);
  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler((request, reply) =>
    sendProblem(new Problem(404, `There is no ${request.method} ${request.url}.`), request, reply),
  );
  await addSecurity(app, {
    tokens: options.tokens,
    origins: options.origins ?? [],
    rateLimit: options.rateLimit ?? REQUESTS_A_MINUTE,
    uploadOrigins: await uploadOrigins(presignClient, intake.client.bucket),
  });
  const watchers = new Watchers(intake.client);
  app.addHook('preClose', async () => {
    watchers.stop();
    // Browsers open connections in advance, and one without a request counts as busy for a minute.
    setTimeout(() => app.server.closeAllConnections(), CLOSE_GRACE_MS).unref();
  });
  const workflowUrl = options.workflowUrl ?? (() => null);
  const doors: Doors = { client: intake.client, intake, presignClient, watchers, workflowUrl };
  const routes: FastifyPluginAsync = async (scope) =>
    await addRoutes(scope.withTypeProvider<ZodTypeProvider>(), doors, options);
  await app.register(routes, { prefix: basePath });
  return app as unknown as FastifyInstance;
}

async function addRoutes(app: App, doors: Doors, options: EndpointOptions): Promise<void> {
  await app.register(swagger, {
    openapi: {
      info: { title: 'Curator', version: '1' },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
    transform: jsonSchemaTransform,
  });
  // Its routes are made inside, so they are opened as they are added.
  app.addHook('onRoute', (route) => {
    if (route.url.startsWith(`${app.prefix}/docs`)) route.config = { ...route.config, open: true };
  });
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: DOCS_POLICY,
    transformSpecification: (document) => ({ ...document, ...relativeServers(app, '../') }),
  });
  app.get('/openapi.json', { config: { open: true }, schema: { hide: true } }, async () => ({
    ...app.swagger(),
    ...relativeServers(app, './'),
  }));
  sessionRoutes(app, options.tokens, `${app.prefix}/`);
  uploadRoutes(app, doors);
  announcementRoutes(app, doors);
  datasetRoutes(app, doors);
  versionRoutes(app, doors);
  modelRoutes(app, doors);
  detectRoutes(app, options.detector);
  healthRoutes(app, doors);
  await pageRoutes(app, options.pageFolder ?? fileURLToPath(PAGE));
}

/** Paths of the description are below the server that it came from, under a prefix too that a proxy strips. */
function relativeServers(app: App, url: string): { servers?: { url: string }[] } {
  return app.prefix === '' ? { servers: [{ url }] } : {};
}

/** Where presigned URLs lead: pages need leave to send there. */
async function uploadOrigins(presignClient: S3Client, bucket: string): Promise<string[]> {
  const put = { bucket, key: 'landing/', bytes: 1, expiresInSecs: 60 };
  const presigned = await presignPut(presignClient, put).catch(() => undefined);
  return presigned ? [new URL(presigned.url).origin] : [];
}
