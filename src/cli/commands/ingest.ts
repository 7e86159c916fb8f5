import type { Command } from 'commander';
import type { CuratorClient } from '../../client/curator-client.js';
import { readConfiguration } from '../../config/configuration.js';
import { type Environment, readEnvironment } from '../../config/environment.js';
import { isDatasetSetting, SETTINGS, type Settings } from '../../config/settings.js';
import { checkInput, datasetNameOf, type Input, openInput } from '../../input/input.js';
import { ingestInput } from '../../intake/ingest-input.js';
import { errorMessage } from '../../lib/error-message.js';
import { UsageError } from '../../lib/usage-error.js';
import { withLocalStack } from '../../local/stack.js';
import { readRunningStack } from '../../local/state.js';
import { adviceFromStorage } from '../advice.js';
import { checkFirst } from '../check-first.js';
import {
  advised,
  detachably,
  type End,
  endOf,
  type Followed,
  follow,
  followDetachably,
  print,
  watchCommand,
} from '../follow.js';
import { endpointRoute } from '../ingest-endpoint.js';
import type { IngestJob, IngestOptions, IngestRoute } from '../ingest-route.js';
import { EXIT_HELP, helpEnd } from '../output/exit-codes.js';
import { inFlags } from '../output/flags.js';
import { type ProgressDisplay, withProgress } from '../output/progress.js';
import { localStack, readServices, withClient } from '../services.js';
import { addSettings, settingFlags } from '../settings-options.js';

export function registerIngest(program: Command): void {
  const command = program
    .command('ingest')
    .description('check and upload COCO-labelled images, then train and evaluate a model')
    .argument('<archive...>', 'ZIP files, folders, s3://bucket/key or https URLs; one dataset each')
    .option(
      '--dataset <name>',
      'name of the dataset (default: DATASET_NAME, else derived from the file name)',
    )
    .option('--local', 'start the local stack for this run if none is running')
    .option('--endpoint <url>', 'upload and start through an HTTP endpoint instead of S3 and Temporal')
    .option('--no-wait', 'return once the run has started')
    .option('--replace', 'first cancel a run of the dataset with another archive')
    .option('--retry-training', 'train again after a failed training, as a new model version')
    .option('--upload-anyway', 'upload without checking first whether the archive is fit for training')
    .option(
      '--json',
      'print one JSON document on stdout, or a list for several archives; progress goes to stderr',
    );
  addSettings(command, 'all')
    .addHelpText('after', helpEnd('curator ingest "Face Skin Problems.v1i.coco.zip" --local', EXIT_HELP))
    .action(ingest);
}

async function ingest(named: string[], options: IngestOptions & Record<string, unknown>): Promise<void> {
  const { environment, settings } = readConfiguration(undefined, settingFlags(options));
  if (named.length > 1 && options.dataset !== undefined) {
    throw new UsageError(
      '--dataset names one dataset. Ingest several archives without it, or one at a time.',
    );
  }
  if (options.endpoint !== undefined) refuseWhatEndpointsDecide(options);
  const given = options.dataset ?? (named.length === 1 ? environment.datasetName : undefined);
  const jobs = named.map((name) => ({
    named: name,
    dataset: datasetNameOf(name, given),
    ...{ settings: settings.dataset, run: settings.run, options },
  }));
  const names = jobs.map(({ dataset }) => dataset);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice)
    throw new UsageError(`Two archives have the same dataset name, ${twice}. Ingest them one at a time.`);
  for (const name of named) await checkInput(name);
  process.exitCode = await runIngest(jobs, environment);
}

/** Refuses flags that would have no effect: an endpoint accepts an archive and dataset settings only. */
function refuseWhatEndpointsDecide(options: IngestOptions & Record<string, unknown>): void {
  const ofRuns = Object.keys(settingFlags(options)).filter(
    (name) => !isDatasetSetting(name as keyof Settings),
  );
  const flags = [
    ...(options.local ? ['--local'] : []),
    ...(options.replace ? ['--replace'] : []),
    ...(options.retryTraining ? ['--retry-training'] : []),
    ...ofRuns.map((name) => `--${SETTINGS[name as keyof Settings].flag}`),
  ];
  if (flags.length === 0) return;
  throw new UsageError(
    `${flags.join(', ')} cannot be combined with --endpoint, whose own settings decide how runs are started.`,
  );
}

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
  if (endpoint !== undefined) {
    const { endpoint: own, home } = environment;
    const route = endpointRoute({ url: endpoint, token: own.clientToken }, home);
    return await through(route, jobs, display, { ...environment, page: endpoint });
  }
  const stopped = local === true && !readRunningStack(environment.home);
  const direct = async (services: Environment) => {
    const route = (client: CuratorClient) => through(clientRoute(client), jobs, display, services, stopped);
    const ends = await withClient(route, services);
    await afterwards(services);
    return ends;
  };
  if (!local) return await direct(readServices());
  const stack = { ...localStack(), say: (text: string) => display.say(text) };
  return await withLocalStack(stack, (env) => direct(readEnvironment(env)));
}

/** Starts every run before watching the first. */
async function through(
  route: IngestRoute,
  jobs: readonly IngestJob[],
  display: ProgressDisplay,
  environment: Environment,
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
