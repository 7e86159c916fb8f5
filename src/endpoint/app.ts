import type { S3Client } from '@aws-sdk/client-s3';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { CuratorClient } from '../client/curator-client.js';
import { DATASET_NAME_RULE, isDatasetName } from '../dataset/model/identity.js';
import type { Intake } from '../intake/intake.js';
import type { Watchers } from './watchers.js';

/** Fastify with routes that are typed by their zod schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What routes work with. */
export interface Doors {
  readonly client: CuratorClient;
  readonly intake: Intake;
  readonly presignClient: S3Client;
  readonly watchers: Watchers;
  /** Where the Temporal UI shows a run; null where no UI is known. */
  readonly workflowUrl: (run: { workflowId: string; runId: string }) => string | null;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Answered without a token. */
    open?: boolean;
  }
}

export const datasetName = z
  .string()
  .refine(isDatasetName, `is not a valid dataset name: ${DATASET_NAME_RULE}`);
export const datasetParams = z.object({ name: datasetName });
export const versionName = z.string().regex(/^[0-9a-f]{16}$/, 'must be a version: 16 hexadecimal digits');
