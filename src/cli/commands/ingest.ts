import type { Command } from 'commander';
import { readConfiguration } from '../../config/configuration.js';
import { isDatasetSetting, SETTINGS, type Settings } from '../../config/settings.js';
import { checkInput, datasetNameOf } from '../../input/input.js';
import { UsageError } from '../../lib/usage-error.js';
import type { IngestOptions } from '../ingest-route.js';
import { EXIT_HELP, helpEnd } from '../output/exit-codes.js';
import { runIngest } from '../run-ingest.js';
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
