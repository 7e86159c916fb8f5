import { readEnvironment } from '../config/environment.js';
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

export const namesServices = (variables: Variables) => SERVICE_VARIABLES.some((name) => variables[name]);

/**
 * The variables themselves where they name services, else with those of the running local stack.
 * @throws UsageError where no stack is running either
 */
export function withStack(variables: Variables): Variables {
  if (namesServices(variables)) return variables;
  const { home } = readEnvironment(variables);
  const running = readRunningStack(home);
  if (running) return { ...variables, ...stackEnv(running) };
  throw new UsageError(
    `No services: no stack is running in ${home}, and neither TEMPORAL_ADDRESS nor BUCKET is set. Start one with \`curator up\`, or add --local.`,
  );
}
