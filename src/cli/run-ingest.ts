import { type Environment, readEnvironment } from '../config/environment.js';
import { withLocalStack } from '../local/stack.js';
import { readRunningStack } from '../local/state.js';
import type { End } from './follow.js';
import type { IngestJob } from './ingest-route.js';
import { type ProgressDisplay, withProgress } from './output/progress.js';
import { localStack, readServices } from './services.js';

/**
 * Ingests the archives and returns the exit code.
 * @param afterwards runs when the last run has ended, before a local stack stops
 */
export async function runIngest(
  jobs: readonly IngestJob[],
  environment: Environment,
  afterwards: (services: Environment) => Promise<void> = async () => undefined,
): Promise<number> {
  const ends = await withProgress((display) => endsOf(jobs, environment, display, afterwards));
  const { print } = await import('./follow.js');
  // Printed after a local stack has stopped, so that it is the last output.
  return print(ends, jobs[0]?.options.json);
}

async function endsOf(
  jobs: readonly IngestJob[],
  environment: Environment,
  display: ProgressDisplay,
  afterwards: (services: Environment) => Promise<void>,
): Promise<End[]> {
  const { endpoint, local } = jobs[0]?.options ?? {};
  // Imported here: it loads for a second, meanwhile a local stack starts.
  const loaded = import('./ingest-runs.js');
  if (endpoint !== undefined)
    return await (await loaded).throughEndpoint(endpoint, jobs, environment, display);
  const stopped = local === true && !readRunningStack(environment.home);
  const direct = async (services: Environment) => {
    const ends = await (await loaded).throughServices(jobs, services, display, stopped);
    await afterwards(services);
    return ends;
  };
  if (!local) return await direct(readServices());
  const stack = { ...localStack(), say: (text: string) => display.say(text) };
  return await withLocalStack(stack, (env) => direct(readEnvironment(env)));
}
