import type { CuratorClient } from '../client/curator-client.js';
import { type Configuration, readConfiguration } from '../config/configuration.js';
import { type Environment, readEnvironment } from '../config/environment.js';
import { namesServices, withStack } from '../config/service-variables.js';
import { readRunningStack } from '../local/state.js';

/** The folder of the local stack, and the variables that its processes are started with. */
export const localStack = () => ({ home: readEnvironment().home, env: process.env });

/** The environment of a command that needs Temporal, S3 or Rekognition. */
export const readServices = (): Environment => readEnvironment(withStack(process.env));

/**
 * The environment and the settings of a command that starts runs or serves.
 * @param variables variables that flags of the command replace
 */
export const readServiceConfiguration = (
  flags: Readonly<Record<string, string>> = {},
  variables: Readonly<Record<string, string>> = {},
): Configuration => readConfiguration({ ...withStack(process.env), ...variables }, flags);

/** The environment of a command that reads objects from S3 and needs no other service. */
export function readStorage(): Environment {
  const own = readEnvironment();
  return !namesServices(process.env) && readRunningStack(own.home) ? readServices() : own;
}

/** Connects to Temporal and S3, runs `work`, then closes the connections. */
export async function withClient<T>(
  work: (client: CuratorClient, environment: Environment) => Promise<T>,
  environment: Environment = readServices(),
): Promise<T> {
  // Imported here: the clients of Temporal and S3 take a second to load, and help and usage errors need neither.
  const { connect } = await import('../client/connect.js');
  const { client, close } = await connect(environment);
  try {
    return await work(client, environment);
  } finally {
    await close();
  }
}
