import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { CuratorClient } from './client.js';
import { UsageError } from './config.js';
import { stackEnv } from './local/stack.js';
import { homeFolder, readRunningStack } from './local/state.js';
import { createS3Client } from './storage/client.js';
import { ObjectStore } from './storage/object-store.js';

/** Any of these says that the environment knows its services; else the running stack of CURATOR_HOME is used. */
const SERVICE_VARIABLES = [
  'TEMPORAL_ADDRESS',
  'TEMPORAL_PROFILE',
  'TEMPORAL_CONFIG_FILE',
  'AWS_ENDPOINT_URL_S3',
  'BUCKET',
];

/** The environment with the services in it. */
export function servicesEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (SERVICE_VARIABLES.some((name) => env[name])) return env;
  const home = homeFolder(env);
  const running = readRunningStack(home);
  if (!running) {
    throw new UsageError(
      `No services: no stack runs in ${home} and neither TEMPORAL_ADDRESS nor BUCKET is set. Start one with \`curator up\`, or add --local.`,
    );
  }
  return { ...env, ...stackEnv(running) };
}

/** The bucket of this environment. */
export function bucketOf(env: NodeJS.ProcessEnv): string {
  if (!env.BUCKET) throw new UsageError('BUCKET is not set: name the bucket that datasets live in.');
  return env.BUCKET;
}

/** Connects to Temporal and S3, runs `work`, and lets go. */
export async function withClient<T>(
  env: NodeJS.ProcessEnv,
  work: (client: CuratorClient, env: NodeJS.ProcessEnv) => Promise<T>,
): Promise<T> {
  const services = servicesEnv(env);
  const { client, close } = await connect(services);
  try {
    return await work(client, services);
  } finally {
    await close();
  }
}

export async function connect(
  env: NodeJS.ProcessEnv,
): Promise<{ client: CuratorClient; close: () => Promise<void> }> {
  const bucket = bucketOf(env);
  const config = loadClientConnectConfig({ overrideEnvVars: definedOf(env) });
  const { address = '127.0.0.1:7233' } = config.connectionOptions;
  const connection = await Connection.connect(config.connectionOptions).catch((error: unknown) => {
    const cause = error instanceof Error ? error.message : String(error);
    throw new Error(`Temporal does not answer at ${address}: ${cause}. Is it running?`);
  });
  const temporal = new Client({ connection, namespace: config.namespace ?? 'default' });
  const store = new ObjectStore(createS3Client(env));
  return { client: new CuratorClient(temporal, store, bucket), close: () => connection.close() };
}

/** envconfig takes variables that are set only. */
export function definedOf(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
