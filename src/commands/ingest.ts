import type { Command } from 'commander';
import type { CuratorClient } from '../client.js';
import { readSettings, UsageError } from '../config.js';
import type { Progress, RunSettings } from '../contracts.js';
import type { DatasetSettings } from '../dataset/settings.js';
import { checkInput, datasetNameOf, type Input, openInput } from '../input/input.js';
import { withLocalStack } from '../local/stack.js';
import { homeFolder, readRunningStack } from '../local/state.js';
import { withClient } from '../services.js';
import { landInput } from '../upload.js';
import { type End, endOf, type Followed, follow, followDetachably, print } from './follow.js';
import { endpointDoor } from './ingest-endpoint.js';
import { EXIT_HELP } from './output/exit-codes.js';
import { ProgressDisplay } from './output/progress.js';
import { addSettings, settingFlags } from './settings-options.js';

export interface IngestOptions {
  readonly dataset?: string;
  readonly local?: boolean;
  readonly endpoint?: string;
  readonly wait: boolean;
  readonly replace?: boolean;
  readonly retryTraining?: boolean;
  readonly json?: boolean;
}

/** One archive to ingest, with everything decided. */
export interface IngestJob {
  /** A file, a folder, an address in S3 or on the web. */
  readonly named: string;
  readonly dataset: string;
  readonly settings: DatasetSettings;
  readonly run: RunSettings;
  readonly options: IngestOptions;
}

/** A way in: straight to S3 and Temporal, or through the HTTP endpoint. */
export interface Door {
  begin(job: IngestJob, input: Input, display: ProgressDisplay): Promise<Followed>;
  steps(dataset: string): AsyncIterable<Progress>;
}

export function registerIngest(program: Command): void {
  const command = program
    .command('ingest')
    .description('turn COCO-labelled images into a trained, evaluated model')
    .argument('<archive...>', 'ZIP files, folders, s3://bucket/key or https addresses; a dataset each')
    .option('--dataset <name>', "the dataset's name (default: DATASET_NAME, or made from the file's name)")
    .option('--local', 'start the local stack for this run where none is running')
    .option('--endpoint <url>', 'upload and start through the HTTP endpoint instead of S3 and Temporal')
    .option('--no-wait', 'return once the run has started')
    .option('--replace', "cancel the dataset's run of another archive first")
    .option('--retry-training', 'train again what failed, as a new model version')
    .option(
      '--json',
      'print one JSON document on stdout, for several archives a list; progress stays on stderr',
    );
  addSettings(command, 'all')
    .addHelpText(
      'after',
      `${EXIT_HELP}\n\nExample:\n  $ curator ingest "Face Skin Problems.v1i.coco.zip" --local`,
    )
    .action(ingest);
}

async function ingest(named: string[], options: IngestOptions & Record<string, unknown>): Promise<void> {
  const { dataset: settings, run } = readSettings(settingFlags(options), process.env);
  if (named.length > 1 && options.dataset !== undefined) {
    throw new UsageError(
      '--dataset names one dataset: ingest several archives without it, or one at a time.',
    );
  }
  const given = options.dataset ?? (named.length === 1 ? process.env.DATASET_NAME : undefined);
  const jobs = named.map((name) => ({
    named: name,
    dataset: datasetNameOf(name, given),
    ...{ settings, run, options },
  }));
  const names = jobs.map(({ dataset }) => dataset);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice)
    throw new UsageError(`Two archives would both be the dataset ${twice}: ingest them one at a time.`);
  for (const name of named) await checkInput(name);
  process.exitCode = await runIngest(jobs);
}

/** Ingests where the options say; answers the exit code. */
export async function runIngest(jobs: readonly IngestJob[]): Promise<number> {
  const display = new ProgressDisplay();
  const { endpoint, local, json } = jobs[0]?.options ?? {};
  if (endpoint) return print(await through(endpointDoor(endpoint), jobs, display, process.env), json);
  const home = homeFolder(process.env);
  const stopped = local === true && !readRunningStack(home);
  const direct = (from: NodeJS.ProcessEnv) =>
    withClient(from, (client, env) => through(clientDoor(client, display), jobs, display, env, stopped));
  if (!local) return print(await direct(process.env), json);
  const stack = { home, env: process.env, say: (text: string) => display.say(text) };
  // Printed once the stack has stopped, so that nothing comes after it.
  return print(await withLocalStack(stack, direct), json);
}

/** Starts every run before it watches the first. */
async function through(
  door: Door,
  jobs: readonly IngestJob[],
  display: ProgressDisplay,
  env: NodeJS.ProcessEnv,
  stopped = false,
): Promise<End[]> {
  const begun: Followed[] = [];
  for (const job of jobs) {
    const input = await openInput(job.named, (stage, done, total, unit) =>
      display.counted(stage, done, total, unit),
    );
    try {
      begun.push(await door.begin(job, input, display));
    } finally {
      if (input.kind === 'file') await input.close();
    }
  }
  const ends: End[] = [];
  for (const [index, run] of begun.entries()) {
    const { wait = true, local } = jobs[index]?.options ?? {};
    if (run.kind !== 'started' || !wait) {
      ends.push(endOf(run, env, stopped));
      continue;
    }
    if (begun.length > 1) display.say(`${run.dataset}:`);
    const steps = door.steps(run.dataset);
    // Leaving the local stack stops it, which is for it to say.
    const followed = local
      ? await follow(steps, display)
      : await followDetachably(run.dataset, steps, display);
    ends.push(endOf(followed, env, stopped));
  }
  display.end();
  return ends;
}

function clientDoor(client: CuratorClient, display: ProgressDisplay): Door {
  return {
    begin: (job, input) => begin(client, job, input, display),
    steps: (dataset) => client.watch(dataset, { onSilence: (message) => display.say(message) }),
  };
}

async function begin(
  client: CuratorClient,
  job: IngestJob,
  input: Input,
  display: ProgressDisplay,
): Promise<Followed> {
  const { dataset, settings, options } = job;
  const upload = await landInput(client.store, client.bucket, input, job, (bytes, total) =>
    display.counted('uploading', bytes, total, 'bytes'),
  );
  const run = options.retryTraining
    ? { ...job.run, trainingAttempt: await nextAttempt(client, dataset) }
    : job.run;
  const { result, workflowId, runId } = await client.startIngest({
    dataset,
    upload,
    settings,
    run,
    trigger: 'person',
    ...(options.replace ? { replace: true } : {}),
  });
  if (!result) return { kind: 'started', dataset, workflowId, runId };
  display.say('This archive was ingested before with these settings; this is what came of it.');
  return { kind: 'ended', result };
}

/** One above the attempt of the dataset's newest run. */
async function nextAttempt(client: CuratorClient, dataset: string): Promise<number> {
  const progress = await client.progress(dataset).catch(() => undefined);
  const attempt = /-r(\d+)$/.exec(progress?.training?.modelVersion ?? '')?.[1];
  return Number(attempt ?? 1) + 1;
}
