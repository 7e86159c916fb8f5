import { UsageError } from '../lib/usage-error.js';
import { readRunningStack, stackEnv } from '../local/state.js';
import { readEnvironment } from './environment.js';

/** The environment variables of a process. */
type Variables = NodeJS.ProcessEnv;

/** If none of these is set, the services of the local stack in CURATOR_HOME are used. */
const SERVICE_VARIABLES = [
  'TEMPORAL_ADDRESS',
  'TEMPORAL_PROFILE',
  'TEMPORAL_CONFIG_FILE',
  'AWS_ENDPOINT_URL_S3',
  'BUCKET',
];

/** Whether the variables name services themselves. */
export const namesServices = (variables: Variables) => SERVICE_VARIABLES.some((name) => variables[name]);

/**
 * Returns the variables themselves if they name services, else with the variables of the running local stack added.
 * @throws UsageError if no stack is running either
 */
export function withStack(variables: Variables): Variables {
  if (namesServices(variables)) return variables;
  const { home } = readEnvironment(variables);
  const running = readRunningStack(home);
  if (running) return stackEnv(variables, running);
  throw new UsageError(
    `No services: no stack is running in ${home}, and neither TEMPORAL_ADDRESS nor BUCKET is set. Run \`curator up\`, or set the two variables; \`curator ingest --local\` starts a stack for one run.`,
  );
}
