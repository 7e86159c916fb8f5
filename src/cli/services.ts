import type { CuratorClient } from '../client/curator-client.js';
import { type Configuration, readConfiguration } from '../config/configuration.js';
import { type Environment, readEnvironment } from '../config/environment.js';
import { UsageError } from '../lib/usage-error.js';
import { readRunningStack, stackEnv } from '../local/state.js';

/** Environment variables by name, as a process gets them. */
export type Variables = NodeJS.ProcessEnv;

/** Any of these means that the variables name services; else those of the local stack in CURATOR_HOME are used. */
const SERVICE_VARIABLES = [
  'TEMPORAL_ADDRESS',
  'TEMPORAL_PROFILE',
  'TEMPORAL_CONFIG_FILE',
  'AWS_ENDPOINT_URL_S3',
  'BUCKET',
];

/** What a local stack and its processes are started with. */
export const localStack = () => ({ home: readEnvironment().home, env: process.env });

/** The environment of a command that needs Temporal, S3 or Rekognition. */
export const readServices = (): Environment => readEnvironment(withStack(process.env));

/** The same, and the settings: for commands that start runs. */
export const readServiceConfiguration = (): Configuration => readConfiguration(withStack(process.env));

/** The environment of a command that reads objects from S3 and needs no other service. */
export function readStorage(): Environment {
  const { home } = readEnvironment();
  return namesServices(process.env) || readRunningStack(home) ? readServices() : readEnvironment();
}

/**
 * The variables themselves where they name services, else with those of the running local stack.
 * @throws UsageError where no stack is running either
 */
function withStack(variables: Variables): Variables {
  if (namesServices(variables)) return variables;
  const { home } = readEnvironment(variables);
  const running = readRunningStack(home);
  if (running) return { ...variables, ...stackEnv(running) };
  throw new UsageError(
    `No services: no stack is running in ${home}, and neither TEMPORAL_ADDRESS nor BUCKET is set. Start one with \`curator up\`, or add --local.`,
  );
}

const namesServices = (variables: Variables) => SERVICE_VARIABLES.some((name) => variables[name]);

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
