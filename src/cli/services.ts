import type { CuratorClient } from '../client/curator-client.js';
import { UsageError } from '../lib/usage-error.js';
import { homeFolder, readRunningStack, stackEnv } from '../local/state.js';

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

/** The same for reading S3 alone, which needs neither Temporal nor a bucket of ours. */
export function storageEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isKnown = SERVICE_VARIABLES.some((name) => env[name]) || readRunningStack(homeFolder(env));
  return isKnown ? servicesEnv(env) : env;
}

/** Connects to Temporal and S3, runs `work`, and lets go. */
export async function withClient<T>(
  env: NodeJS.ProcessEnv,
  work: (client: CuratorClient, env: NodeJS.ProcessEnv) => Promise<T>,
): Promise<T> {
  const services = servicesEnv(env);
  // Loaded only now: the clients of Temporal and S3 take a second to load, help and usage errors don't need them.
  const { connect } = await import('../client/connect.js');
  const { client, close } = await connect(services);
  try {
    return await work(client, services);
  } finally {
    await close();
  }
}
