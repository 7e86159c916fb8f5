import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { bucketOf, definedOf } from '../config/environment.js';
import { errorMessage } from '../lib/error-message.js';
import { createS3Client } from '../storage/client.js';
import { ObjectStore } from '../storage/object-store.js';
import { CuratorClient } from './curator-client.js';

/** Connects to Temporal, as its own environment configuration says, and to S3. */
export async function connect(
  env: NodeJS.ProcessEnv,
): Promise<{ client: CuratorClient; close: () => Promise<void> }> {
  const bucket = bucketOf(env);
  const config = loadClientConnectConfig({ overrideEnvVars: definedOf(env) });
  const { address = '127.0.0.1:7233' } = config.connectionOptions;
  const connection = await Connection.connect(config.connectionOptions).catch((error: unknown) => {
    const cause = errorMessage(error);
    throw new Error(`Temporal does not answer at ${address}: ${cause}. Is it running?`);
  });
  const temporal = new Client({ connection, namespace: config.namespace ?? 'default' });
  const store = new ObjectStore(createS3Client(env));
  return { client: new CuratorClient(temporal, store, bucket), close: () => connection.close() };
}
