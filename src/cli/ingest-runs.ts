import type { CuratorClient } from '../client/curator-client.js';
import type { Environment } from '../config/environment.js';
import { type Input, openInput } from '../input/input.js';
import { ingestInput } from '../intake/ingest-input.js';
import { errorMessage } from '../lib/error-message.js';
import { adviceFromStorage } from './advice.js';
import { checkFirst } from './check-first.js';
import {
  advised,
  detachably,
  type End,
  endOf,
  type Followed,
  follow,
  followDetachably,
  watchCommand,
} from './follow.js';
import { endpointRoute } from './ingest-endpoint.js';
import type { IngestJob, IngestRoute } from './ingest-route.js';
import { inFlags } from './output/flags.js';
import type { ProgressDisplay } from './output/progress.js';
import { withClient } from './services.js';

/** Uploads the archives to an HTTP endpoint, which starts the runs, and follows them there. */
export async function throughEndpoint(
  url: string,
  jobs: readonly IngestJob[],
  { endpoint, home, ...environment }: Environment,
  display: ProgressDisplay,
): Promise<End[]> {
  const route = endpointRoute({ url, token: endpoint.clientToken }, home);
  return await through(route, jobs, display, { ...environment, page: url });
}

/**
 * Uploads the archives to S3, starts the runs in Temporal and follows them.
 * @param stopped whether the services stop with the command, so that links to them would be useless
 */
export async function throughServices(
  jobs: readonly IngestJob[],
  services: Environment,
  display: ProgressDisplay,
  stopped: boolean,
): Promise<End[]> {
  return await withClient(
    (client) => through(clientRoute(client), jobs, display, services, stopped),
    services,
  );
}

/** Starts every run before watching the first. */
async function through(
  route: IngestRoute,
  jobs: readonly IngestJob[],
  display: ProgressDisplay,
  environment: Pick<Environment, 'page' | 'temporal'>,
  stopped = false,
): Promise<End[]> {
  const begun: Followed[] = [];
  const { wait = true, local } = jobs[0]?.options ?? {};
  const several = jobs.length > 1;
  const beginAll = async () => {
    for (const job of jobs) {
      begun.push(await continueOnError(several, job.dataset, display, () => beginOne(route, job, display)));
    }
  };
  // With --local, Ctrl-C stops the stack, which prints its own message.
  if (local) await beginAll();
  else await detachably(() => interruptedMessage(begun), display, beginAll);
  const ends: End[] = [];
  const end = async (run: Followed) => {
    ends.push(endOf(await advised(run, route.advice), environment, stopped));
  };
  for (const [index, run] of begun.entries()) {
    if (run.kind !== 'started' || !wait) {
      await end(run);
      continue;
    }
    if (several) display.say(`${run.dataset}:`);
    const steps = route.steps(run.dataset, (message) => display.say(message));
    const followed = await continueOnError(several, run.dataset, display, () =>
      local ? follow(steps, display) : followDetachably(resumeHints(begun.slice(index)), steps, display),
    );
    await end(followed);
  }
  display.end();
  return ends;
}

async function beginOne(route: IngestRoute, job: IngestJob, display: ProgressDisplay): Promise<Followed> {
  const input = await openInput(job.named, (stage, done, total, unit) =>
    display.counted(stage, done, total, unit),
  );
  try {
    const unfit =
      input.kind === 'file' && !job.options.uploadAnyway
        ? await checkFirst(input.path, job, display)
        : undefined;
    return unfit ?? (await route.begin(job, input, display));
  } finally {
    if (input.kind === 'file') await input.close();
  }
}

/** With several archives, reports the failure of one at once and continues with the others. */
async function continueOnError(
  several: boolean,
  dataset: string,
  display: ProgressDisplay,
  work: () => Promise<Followed>,
): Promise<Followed> {
  if (!several) return await work();
  try {
    return await work();
  } catch (error) {
    const message = inFlags(errorMessage(error));
    display.say(`curator: ${dataset}: ${message}`);
    return { kind: 'failed', dataset, message };
  }
}

const resumeHints = (runs: readonly Followed[]) =>
  runs.flatMap((run) => (run.kind === 'started' ? [run.resumeHint] : [])).join(', ');

function interruptedMessage(begun: readonly Followed[]): string {
  const running = resumeHints(begun);
  const others = running === '' ? '' : ` The runs that were started continue. Follow them with: ${running}`;
  return `Interrupted before everything was uploaded and started. Repeat the command to resume.${others}`;
}

function clientRoute(client: CuratorClient): IngestRoute {
  return {
    begin: (job, input, display) => begin(client, job, input, display),
    steps: (dataset, onUnavailable) => client.watch(dataset, { onUnavailable }),
    advice: (result) => adviceFromStorage(client, result),
  };
}

async function begin(
  client: CuratorClient,
  job: IngestJob,
  input: Input,
  display: ProgressDisplay,
): Promise<Followed> {
  const { dataset, settings, options } = job;
  const run = options.retryTraining
    ? { ...job.run, trainingAttempt: await client.trainings.nextAttempt(dataset) }
    : job.run;
  const { result, workflowId, runId } = await ingestInput(
    client,
    input,
    { dataset, settings, run, ...(options.replace ? { replace: true } : {}) },
    (bytes, total) => display.counted('uploading', bytes, total, 'bytes'),
  );
  if (!result) return { kind: 'started', dataset, workflowId, runId, resumeHint: watchCommand(dataset) };
  display.say('This archive was already ingested with these settings. This is the result.');
  return { kind: 'ended', result };
}
