import { basename } from 'node:path';
import type { Command } from 'commander';
import type { CuratorClient } from '../client.js';
import { readSettings, UsageError } from '../config.js';
import type { IngestResult, Progress, RunSettings } from '../contracts.js';
import { isDatasetName, slug } from '../dataset/identity.js';
import type { DatasetSettings } from '../dataset/settings.js';
import { withLocalStack } from '../local/stack.js';
import { homeFolder } from '../local/state.js';
import { withClient } from '../services.js';
import { statOf, uploadArchive } from '../upload.js';
import { ingestByEndpoint } from './ingest-endpoint.js';
import { EXIT, EXIT_HELP, exitCodeOf } from './output/exit-codes.js';
import { ProgressDisplay } from './output/progress.js';
import { summary } from './output/summary.js';
import { addSettings, settingFlags } from './settings-options.js';
import { workflowUrl } from './workflow-url.js';

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
  readonly path: string;
  readonly dataset: string;
  readonly settings: DatasetSettings;
  readonly run: RunSettings;
  readonly options: IngestOptions;
}

export function registerIngest(program: Command): void {
  const command = program
    .command('ingest')
    .description('turn a ZIP of COCO-labelled images into a trained, evaluated model')
    .argument('<zip>', 'the archive')
    .option('--dataset <name>', "the dataset's name (default: DATASET_NAME, or made from the file's name)")
    .option('--local', 'start the local stack for this run where none is running')
    .option('--endpoint <url>', 'upload and start through the HTTP endpoint instead of S3 and Temporal')
    .option('--no-wait', 'return once the run has started')
    .option('--replace', "cancel the dataset's run of another archive first")
    .option('--retry-training', 'train again what failed, as a new model version')
    .option('--json', 'print one JSON document on stdout; progress stays on stderr');
  addSettings(command, 'all')
    .addHelpText(
      'after',
      `${EXIT_HELP}\n\nExample:\n  $ curator ingest "Face Skin Problems.v1i.coco.zip" --local`,
    )
    .action(ingest);
}

async function ingest(path: string, options: IngestOptions & Record<string, unknown>): Promise<void> {
  const { dataset: settings, run } = readSettings(settingFlags(options), process.env);
  const dataset = options.dataset ?? process.env.DATASET_NAME ?? slug(basename(path));
  if (!isDatasetName(dataset)) {
    throw new UsageError(
      `The dataset name ${JSON.stringify(dataset)} won't do: use a-z, 0-9, dot, dash and underscore, up to 100, starting with a letter or digit.`,
    );
  }
  await statOf(path);
  process.exitCode = await runIngest({ path, dataset, settings, run, options });
}

/** Ingests where the options say; answers the exit code. */
export async function runIngest(job: IngestJob): Promise<number> {
  const display = new ProgressDisplay();
  const { endpoint, local } = job.options;
  if (endpoint) return await ingestByEndpoint(endpoint, job, display);
  if (!local) return await withClient(process.env, (client, env) => ingestWith(client, env, job, display));
  const stack = { home: homeFolder(process.env), env: process.env, say: (text: string) => display.say(text) };
  const end = await withLocalStack(stack, (localEnv) =>
    withClient(
      localEnv,
      async (client, env) => await finish(await follow(client, job, display), env, job, display),
    ),
  );
  // Printed once the stack has stopped, so that nothing comes after it.
  end.print();
  return end.code;
}

async function ingestWith(
  client: CuratorClient,
  env: NodeJS.ProcessEnv,
  job: IngestJob,
  display: ProgressDisplay,
): Promise<number> {
  const end = await finish(await follow(client, job, display), env, job, display);
  end.print();
  return end.code;
}

export type Followed =
  | { readonly kind: 'ended'; readonly result: IngestResult }
  | { readonly kind: 'waiting'; readonly progress: Progress }
  | {
      readonly kind: 'started';
      readonly dataset: string;
      readonly workflowId: string;
      readonly runId: string;
    };

/** Uploads, starts and watches, until the run has ended or waits for a person who isn't there. */
async function follow(client: CuratorClient, job: IngestJob, display: ProgressDisplay): Promise<Followed> {
  const { dataset, settings, options } = job;
  const upload = await uploadArchive(client.store, client.bucket, job, (bytes, total) =>
    display.counted('uploading', bytes, total, 'bytes'),
  );
  const run = options.retryTraining
    ? { ...job.run, trainingAttempt: await nextAttempt(client, dataset) }
    : job.run;
  const started = await client.startIngest({
    dataset,
    upload,
    settings,
    run,
    trigger: 'person',
    ...(options.replace ? { replace: true } : {}),
  });
  if (started.result) {
    display.say(`This archive was ingested before with these settings; this is what came of it.`);
    return { kind: 'ended', result: started.result };
  }
  const { workflowId, runId } = started;
  if (!options.wait) return { kind: 'started', dataset, workflowId, runId };
  const detach = () => {
    display.say(`Detached; the run goes on. Come back with: curator status ${dataset}`);
    process.exit(EXIT.failed);
  };
  if (!options.local) process.once('SIGINT', detach);
  try {
    return await watch(client.watch(dataset), display);
  } finally {
    process.removeListener('SIGINT', detach);
    display.end();
  }
}

export async function watch(steps: AsyncIterable<Progress>, display: ProgressDisplay): Promise<Followed> {
  let announced = false;
  for await (const progress of steps) {
    if (progress.result) return { kind: 'ended', result: progress.result };
    display.run(progress);
    if (progress.approval && !announced) {
      announced = true;
      display.say(approvalLine(progress));
      if (!process.stderr.isTTY) return { kind: 'waiting', progress };
    }
  }
  throw new Error('The run ended without a result.');
}

/** Prepares what is printed last, and the exit code. */
export async function finish(
  followed: Followed,
  env: NodeJS.ProcessEnv,
  job: IngestJob,
  display: ProgressDisplay,
): Promise<{ code: number; print: () => void }> {
  display.end();
  const write = (text: string) => process.stdout.write(`${text}\n`);
  const { json } = job.options;
  if (followed.kind === 'started') {
    const { dataset, workflowId, runId } = followed;
    const text = json
      ? JSON.stringify({ dataset, workflowId, runId })
      : `Started ${workflowId}. Follow it with: curator status ${dataset}`;
    return { code: EXIT.done, print: () => write(text) };
  }
  if (followed.kind === 'waiting') {
    const { progress } = followed;
    return {
      code: EXIT.waitingForApproval,
      print: () => {
        if (json) write(JSON.stringify(progress));
      },
    };
  }
  const { result } = followed;
  const text = json ? JSON.stringify(result) : summary(result, { workflowUrl: workflowUrl(env, result) });
  return { code: exitCodeOf(result.outcome), print: () => write(text) };
}

function approvalLine({ dataset, approval }: Progress): string {
  const { estimatedHours = 0, hourlyRateUsd = 0, account = null } = approval?.trainer ?? {};
  const cost = (estimatedHours * hourlyRateUsd).toFixed(2);
  return `Training would take about ${estimatedHours} h and cost about US$ ${cost}${account ? ` (account ${account})` : ''}: curator approve ${dataset} | curator reject ${dataset} --note "why"`;
}

/** One above the attempt of the dataset's newest run. */
async function nextAttempt(client: CuratorClient, dataset: string): Promise<number> {
  const progress = await client.progress(dataset).catch(() => undefined);
  const attempt = /-r(\d+)$/.exec(progress?.training?.modelVersion ?? '')?.[1];
  return Number(attempt ?? 1) + 1;
}
