import type { S3Client } from '@aws-sdk/client-s3';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { CuratorClient } from '../client/curator-client.js';
import type { Intake } from '../intake/intake.js';
import type { Downloads } from './downloads.js';
import type { Watchers } from './watchers.js';

/** Fastify with routes that are typed by their zod schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** The dependencies of the routes. */
export interface RouteDeps {
  readonly client: CuratorClient;
  readonly intake: Intake;
  readonly presignClient: S3Client;
  readonly watchers: Watchers;
  /** Sends objects of the bucket. */
  readonly downloads: Downloads;
  /** URL of a run in Temporal's UI; null if CURATOR_TEMPORAL_UI is not set. */
  readonly workflowUrl: (run: { workflowId: string; runId: string }) => string | null;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route needs no token. */
    open?: boolean;
    /** Whether the route changes something although its method is GET. */
    writes?: boolean;
  }
}
