import { userInfo } from 'node:os';
import { type Command, Option } from 'commander';
import type { CuratorClient } from '../../client/curator-client.js';
import { linksOf } from '../../client/links.js';
import type { Environment } from '../../config/environment.js';
import type { Progress } from '../../contracts/workflow-io.js';
import { checkDatasetName } from '../../dataset/model/identity.js';
import { distrustOf } from '../../dataset/model/quality.js';
import { refusedUploads } from '../../intake/refused-uploads.js';
import { plural } from '../../lib/plural.js';
import { type LatestModel, LatestModels } from '../../models/latest-models.js';
import { type Advice, adviceFromStorage, NO_ADVICE } from '../advice.js';
import { approvalLine, endOf, followLatest, print } from '../follow.js';
import { EXIT, EXIT_HELP, helpEnd } from '../output/exit-codes.js';
import { inFlags } from '../output/flags.js';
import { waitingLine, withProgress } from '../output/progress.js';
import { refusedLine } from '../output/refused-line.js';
import { runTable } from '../output/run-table.js';
import { scoreOf } from '../output/score.js';
import { summary } from '../output/summary.js';
import { printLine } from '../output/terminal.js';
import { withClient } from '../services.js';

const STATUS_EXIT_HELP =
  '\nExit codes: 0 whatever the outcome of the run, 1 no such run or no response, 2 wrong usage, 3 waiting for approval.';

interface JsonOption {
  readonly json?: boolean;
}

/** The commands that show and control runs: status, watch, list, cancel, approve, reject. */
export function registerRuns(program: Command): void {
  program
    .command('status')
    .description("show the stage or outcome of a dataset's latest run")
    .argument('<dataset>', 'name of the dataset, as `curator list` prints it')
    .option('--json', 'print the progress document, with what to do next about the model in `nextSteps`')
    .addHelpText('after', helpEnd('curator status skin-2025-09 --json', STATUS_EXIT_HELP))
    .action(status);
  program
    .command('watch')
    .description("watch a dataset's latest run until it ends; Ctrl-C leaves it running")
    .argument('<dataset>', 'name of the dataset, as `curator list` prints it')
    .option('--json', 'print the result as one JSON document; progress goes to stderr')
    .addHelpText('after', helpEnd('curator watch skin-2025-09', EXIT_HELP))
    .action(watch);
  program
    .command('list')
    .description('list the datasets with their latest runs')
    .option('--json', 'print a JSON list')
    .addHelpText('after', helpEnd('curator list'))
    .action(list);
  program
    .command('cancel')
    .description("cancel a dataset's run; a training that Rekognition has accepted continues")
    .argument('<dataset>', 'name of the dataset, as `curator list` prints it')
    .option('--json', 'print the progress document afterwards')
    .addHelpText('after', helpEnd('curator cancel skin-2025-09'))
    .action(cancel);
  for (const [decision, note] of [
    ['approve', 'checked the report'],
    ['reject', 'half of the labels are missing'],
  ] as const) {
    program
      .command(decision)
      .description(`${decision} the training of a run that waits for approval`)
      .argument('<dataset>', 'name of the dataset, as `curator list` prints it')
      .addOption(new Option('--note <text>', 'reason; recorded in the model card').default('', 'none'))
      .option('--json', 'print the decision')
      .addHelpText('after', helpEnd(`curator ${decision} skin-2025-09 --note "${note}"`))
      .action((dataset: string, options: JsonOption & { note: string }) =>
        decide(decision, dataset, options),
      );
  }
}

async function status(dataset: string, { json }: JsonOption): Promise<void> {
  checkDatasetName(dataset);
  await withClient(async (client, environment) => {
    const progress = await client.progress(dataset);
    const advice = progress.result ? await adviceFromStorage(client, progress.result) : NO_ADVICE;
    if (json) write(JSON.stringify({ ...progress, nextSteps: advice.steps }));
    else await writeStatus(client, progress, advice, environment);
    if (progress.approval) process.exitCode = EXIT.waitingForApproval;
  });
}

async function writeStatus(
  { store, bucket }: CuratorClient,
  progress: Progress,
  advice: Advice,
  environment: Environment,
): Promise<void> {
  const { dataset, result, training } = progress;
  const latestModel = result && !result.training ? await new LatestModels(store, bucket).of(dataset) : null;
  const { model: latest, problem } = latestModel ?? { model: null };
  // A training can outlive its run: `curator attach` joins it, and a cancelled run leaves it to its own workflow.
  const isOwn = latest !== null && latest.modelVersion === training?.modelVersion;
  write(describe(progress, environment, advice, isOwn ? modelText(latest) : undefined));
  if (latest && !isOwn) write(earlierModel(dataset, latest));
  if (problem !== undefined) write(problem);
  for (const upload of await refusedUploads(store, bucket, dataset)) write(refusedLine(upload));
}

const modelText = (model: LatestModel) =>
  `model ${model.modelVersion}, ${scoreOf(model)}${model.ended ? `, trained ${model.ended}` : ''}`;

/** Says that the run, which has no model, left an earlier one as it was. */
function earlierModel(dataset: string, model: LatestModel): string {
  return [
    `model       ${model.modelVersion} of an earlier run is unchanged: ${scoreOf(model)}${model.ended ? `, trained ${model.ended}` : ''}`,
    `            use it: curator detect <photo> --model latest --dataset ${dataset}`,
  ].join('\n');
}

function describe(
  progress: Progress,
  environment: Environment,
  advice: Advice,
  completedLater: string | undefined,
): string {
  if (progress.result) {
    return summary(progress.result, {
      ...linksOf(environment, progress),
      advice,
      ...(completedLater === undefined ? {} : { completedLater }),
    });
  }
  const { stage, images } = progress;
  const counted = images.total > 0 ? `, ${images.done} of ${plural(images.total, 'image')}` : '';
  const { pageUrl, workflowUrl } = linksOf(environment, progress);
  const lines = [`${progress.dataset}: ${stage}${counted}`];
  const distrust = distrustOf(progress);
  if (progress.approval) lines.push(approvalLine(progress));
  else if (distrust !== undefined) lines.push(inFlags(distrust));
  if (progress.waiting) lines.push(waitingLine(progress.waiting));
  for (const url of [pageUrl, workflowUrl]) if (url) lines.push(url);
  return lines.join('\n');
}

async function watch(dataset: string, { json }: JsonOption): Promise<void> {
  checkDatasetName(dataset);
  process.exitCode = await withClient(async (client, environment) => {
    const followed = await withProgress((display) => followLatest(client, dataset, display));
    return print([endOf(followed, environment)], json);
  });
}

async function list({ json }: JsonOption): Promise<void> {
  await withClient(async (client) => {
    const runs = await new LatestModels(client.store, client.bucket).beside(await client.list());
    const refused = await refusedUploads(client.store, client.bucket);
    const refusedOf = (dataset: string) => refused.filter((upload) => upload.dataset === dataset);
    if (json) write(JSON.stringify(runs.map((run) => ({ ...run, refusedUploads: refusedOf(run.dataset) }))));
    else if (runs.length === 0) write('No dataset has been ingested yet.');
    else write(runTable(runs, Date.now()));
    if (!json) for (const upload of refused) write(refusedLine(upload));
  });
}

async function cancel(dataset: string, { json }: JsonOption): Promise<void> {
  checkDatasetName(dataset);
  await withClient(async (client) => {
    await client.cancel(dataset);
    const progress = await client.progress(dataset);
    write(json ? JSON.stringify(progress) : inFlags(progress.result?.message ?? `${dataset} is cancelled.`));
  });
}

async function decide(
  decision: 'approve' | 'reject',
  dataset: string,
  { note, json }: JsonOption & { note: string },
): Promise<void> {
  checkDatasetName(dataset);
  await withClient(async (client) => {
    const approval = await client.decide(dataset, decision, { by: userInfo().username, note });
    write(json ? JSON.stringify(approval) : `${dataset}: ${approval.decision} by ${approval.by}.`);
  });
}

function write(text: string): void {
  printLine(text);
}
