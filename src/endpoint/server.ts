import { fileURLToPath } from 'node:url';
import type { S3Client } from '@aws-sdk/client-s3';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import Fastify, { type FastifyInstance, type FastifyPluginAsync, type FastifyRequest } from 'fastify';
import {
  jsonSchemaTransformObject,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import type { Intake } from '../intake/intake.js';
import { shortText } from '../lib/short-text.js';
import type { PhotoDetector } from '../models/photo-detector.js';
import { presignPut } from '../storage/presign.js';
import type { App, RouteDeps } from './app.js';
import { guardConnections } from './connections.js';
import { describeCommonProblems, describeRoute } from './describe-responses.js';
import { Downloads } from './downloads.js';
import { sendClientProblem, sendExpectationProblem, sendFrameworkProblem } from './early-problems.js';
import { invalidRequest } from './invalid-request.js';
import { Problem, sendProblem } from './problems.js';
import { adviceRoutes } from './routes/advice.js';
import { announcementRoutes } from './routes/announcements.js';
import { crossValidationRoutes } from './routes/cross-validation.js';
import { datasetRoutes } from './routes/datasets.js';
import { deletionRoutes } from './routes/deletion.js';
import { detectRoutes } from './routes/detect.js';
import { exportRoute } from './routes/export.js';
import { healthRoutes } from './routes/health.js';
import { modelRoutes } from './routes/models.js';
import { pageRoutes } from './routes/page.js';
import { runAgainRoutes } from './routes/run-again.js';
import { SESSION_COOKIE, sessionRoutes } from './routes/session.js';
import { uploadRoutes } from './routes/uploads.js';
import { versionRoutes } from './routes/versions.js';
import { addSecurity } from './security.js';
import { Watchers } from './watchers.js';

export interface EndpointOptions {
  readonly intake: Intake;
  readonly presignClient: S3Client;
  readonly detector: PhotoDetector;
  /** Accepted bearer tokens; with an empty list no token is needed. */
  readonly tokens: readonly string[];
  /** Receives unexpected errors, one line of JSON per error. */
  readonly log: NodeJS.WritableStream;
  /** Origins, beside the endpoint's own, whose pages may call it. */
  readonly origins?: readonly string[];
  /** Addresses and ranges of proxies whose `X-Forwarded-*` headers are believed; by default of none. */
  readonly trustedProxies?: readonly string[];
  /** Path prefix of all routes, without a trailing slash. */
  readonly basePath?: string;
  /** Maximum requests per minute and client address. */
  readonly rateLimit?: number;
  /** Maximum milliseconds in which a request must arrive, its body included. */
  readonly requestTimeoutMs?: number;
  /** Maximum connections; further ones are closed. */
  readonly maxConnections?: number;
  /** Milliseconds after which a connection is closed whose client reads nothing of a response. */
  readonly unreadMs?: number;
  /** Folder of the built page. */
  readonly pageFolder?: string;
  readonly workflowUrl?: RouteDeps['workflowUrl'];
}

const BODY_LIMIT = 64 * 1024;
const REQUESTS_PER_MINUTE = 1200;
/** Enough for a photo of 16 MB over 3 Mbit/s. Responses, such as event streams, may take longer. */
const REQUEST_TIMEOUT_MS = 45_000;
/** Maximum time in which the headers of a request must arrive. */
const HEADERS_TIMEOUT_MS = 10_000;
/** Both timeouts are checked this often. */
const TIMEOUT_CHECK_MS = 1_000;
/** An open page has up to seven connections, and a process may often have 4,096 files open. */
const MAX_CONNECTIONS = 3_500;
/** Half of the sockets to S3. The other half remains for requests that do not wait for their client. */
const MAX_DOWNLOADS = 32;
/** Enough for a browser that waits for its network. */
const UNREAD_MS = 60_000;
/** Time for responses in progress when the endpoint closes. */
const CLOSE_GRACE_MS = 1_000;
/** Maximum characters of a URL in a message. */
const MAX_SHOWN_URL = 200;
/** Maximum characters of a Content-Encoding header in a message. */
const MAX_SHOWN_ENCODING = 50;
/** The plugin's own policy would upgrade requests to https and allow images of another host. */
const DOCS_POLICY =
  "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; frame-ancestors 'self'";
/** The page is built into dist/web/; tests run from the sources in src/. */
const PAGE = new URL(import.meta.url.includes('/dist/') ? '../web/' : '../../dist/web/', import.meta.url);

/** The HTTP endpoint: routes, page and API description, not listening yet. */
export async function createEndpoint(options: EndpointOptions): Promise<FastifyInstance> {
  const { intake, presignClient, basePath = '', trustedProxies = [] } = options;
  const { requestTimeoutMs = REQUEST_TIMEOUT_MS, maxConnections = MAX_CONNECTIONS } = options;
  const app: App = Fastify({
    bodyLimit: BODY_LIMIT,
    // Slow requests would keep connections open without end.
    requestTimeout: requestTimeoutMs,
    http: {
      headersTimeout: Math.min(HEADERS_TIMEOUT_MS, requestTimeoutMs),
      connectionsCheckingInterval: Math.min(TIMEOUT_CHECK_MS, requestTimeoutMs),
      // Node would refuse a request without this header with no problem document; the check of the Host header sends one.
      requireHostHeader: false,
    },
    frameworkErrors: sendFrameworkProblem,
    clientErrorHandler: sendClientProblem,
    logger: { level: 'error', stream: options.log },
    // Any page can set X-Forwarded headers by a request to this machine, so that no proxy is trusted by its address alone.
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
  }).withTypeProvider<ZodTypeProvider>();
  app.server.maxConnections = maxConnections;
  app.server.on('checkExpectation', sendExpectationProblem);
  guardConnections(app as unknown as FastifyInstance, options.unreadMs ?? UNREAD_MS);
  app.setValidatorCompiler(validatorCompiler);
  // Schemas describe responses and must not change them: a document that an earlier version of Curator wrote is sent
  // as it is. Tests compare what is sent with the schemas.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.setSchemaErrorFormatter(invalidRequest);
  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler((request, reply) =>
    sendProblem(
      new Problem(404, `There is no route ${request.method} ${shortText(request.url, MAX_SHOWN_URL)}.`),
      request,
      reply,
    ),
  );
  await addSecurity(app, {
    tokens: options.tokens,
    origins: options.origins ?? [],
    rateLimit: options.rateLimit ?? REQUESTS_PER_MINUTE,
    uploadOrigins: await uploadOrigins(presignClient, intake.client.bucket),
  });
  app.addHook('preParsing', refuseEncodedBody);
  const watchers = new Watchers(intake.client);
  app.addHook('preClose', async () => {
    watchers.stop();
    // Browsers open connections in advance, and one without a request counts as busy for a minute.
    setTimeout(() => app.server.closeAllConnections(), CLOSE_GRACE_MS).unref();
  });
  const workflowUrl = options.workflowUrl ?? (() => null);
  const downloads = new Downloads(MAX_DOWNLOADS);
  const deps: RouteDeps = { client: intake.client, intake, presignClient, watchers, downloads, workflowUrl };
  const routes: FastifyPluginAsync = async (scope) =>
    await addRoutes(scope.withTypeProvider<ZodTypeProvider>(), deps, options);
  await app.register(routes, { prefix: basePath });
  return app as unknown as FastifyInstance;
}

/** @throws Problem 415 for a compressed body, which would otherwise be read as it is */
async function refuseEncodedBody({ headers }: FastifyRequest): Promise<void> {
  const encoding = headers['content-encoding'];
  if (encoding === undefined || encoding.toLowerCase() === 'identity') return;
  const shown = shortText(encoding, MAX_SHOWN_ENCODING);
  throw new Problem(
    415,
    `The Content-Encoding ${shown} is not supported: send the body without compression.`,
  );
}

async function addRoutes(app: App, deps: RouteDeps, options: EndpointOptions): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Curator', version: '1' },
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
        },
      },
      security: [{ token: [] }, { session: [] }],
    },
    transform: describeRoute,
    transformObject: jsonSchemaTransformObject,
  });
  app.addHook('onRoute', (route) => {
    describeCommonProblems(route);
    // The plugin adds the routes of /docs itself, so they are opened here.
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
  uploadRoutes(app, deps);
  announcementRoutes(app, deps);
  datasetRoutes(app, deps);
  exportRoute(app, deps);
  runAgainRoutes(app, deps);
  deletionRoutes(app, deps);
  versionRoutes(app, deps);
  modelRoutes(app, deps);
  adviceRoutes(app, deps);
  crossValidationRoutes(app, deps);
  detectRoutes(app, options.detector);
  healthRoutes(app, deps);
  await pageRoutes(app, options.pageFolder ?? fileURLToPath(PAGE));
}

/** A relative server URL, so that paths resolve under a prefix that a proxy strips. */
function relativeServers(app: App, url: string): { servers?: { url: string }[] } {
  return app.prefix === '' ? { servers: [{ url }] } : {};
}

/** Origins of presigned URLs: the page's content security policy must allow uploads to them. */
async function uploadOrigins(presignClient: S3Client, bucket: string): Promise<string[]> {
  const put = { bucket, key: 'landing/', bytes: 1, expiresInSecs: 60 };
  const presigned = await presignPut(presignClient, put).catch(() => undefined);
  return presigned ? [new URL(presigned.url).origin] : [];
}
