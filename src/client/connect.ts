import { devNull } from 'node:os';
import { Client } from '@temporalio/client';
import { type ClientConnectConfig, loadClientConnectConfig } from '@temporalio/envconfig';
import { type Environment, requireBucket, type TemporalEnvironment } from '../config/environment.js';
import { assertRegion } from '../lib/aws-access.js';
import { errorMessage, sentence } from '../lib/error-message.js';
import { createS3Client } from '../storage/client.js';
import { ObjectStore } from '../storage/object-store.js';
import { openConnection } from './connection.js';
import { CuratorClient } from './curator-client.js';
import { UnavailableError } from './errors.js';

/** How to reach Temporal. */
export interface TemporalTarget {
  /** Host and port, for messages. */
  readonly address: string;
  readonly namespace: string;
  readonly connectionOptions: ClientConnectConfig['connectionOptions'];
}

/** Reads Temporal's own environment configuration: variables, the configuration file and its profiles. */
export function temporalTarget({ variables }: TemporalEnvironment): TemporalTarget {
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig({
    overrideEnvVars: { ...variables },
    disableFile: variables.TEMPORAL_CONFIG_FILE === devNull,
  });
  return { address: connectionOptions.address ?? '127.0.0.1:7233', namespace, connectionOptions };
}

/** How the two clients of Temporal's SDK name a refused TCP connection. */
const REFUSED = /ECONNREFUSED|ConnectionRefused/;

/** An error for a Temporal server that a process could not connect to. */
export function notReached(address: string, error: unknown): UnavailableError {
  const message = errorMessage(error);
  const reason = REFUSED.test(message) ? 'It refuses connections.' : sentence(message);
  return new UnavailableError(
    `Temporal does not respond at ${address}: ${reason} Start it, or check TEMPORAL_ADDRESS.`,
    { cause: error },
  );
}

/**
 * Connects to Temporal and S3. Call `close` when done.
 *
 * @throws UsageError if BUCKET or the region is not set; UnavailableError if Temporal does not respond
 */
export async function connect(
  environment: Environment,
): Promise<{ client: CuratorClient; close: () => Promise<void> }> {
  const bucket = requireBucket(environment);
  await assertRegion(environment.aws);
  const { address, namespace, connectionOptions } = temporalTarget(environment.temporal);
  const { connection, reach, close } = openConnection(connectionOptions);
  await reach().catch(async (error: unknown) => {
    await close();
    throw notReached(address, error);
  });
  const temporal = new Client({ connection, namespace });
  const store = new ObjectStore(createS3Client(environment.aws));
  return { client: new CuratorClient(temporal, store, bucket), close };
}
