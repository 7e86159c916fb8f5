import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import open from 'open';
import { RefusedError } from '../../client/errors.js';
import { type Environment, requireBucket } from '../../config/environment.js';
import { statusSchema } from '../../contracts/ledger.js';
import { checkDatasetName } from '../../dataset/model/identity.js';
import { modelReportKey, statusKey, versionKey } from '../../dataset/model/layout.js';
import { noModelError, readModelCards } from '../../models/cards.js';
import { createS3Client } from '../../storage/client.js';
import { ObjectStore } from '../../storage/object-store.js';
import { helpEnd } from '../output/exit-codes.js';
import { readServices, withClient } from '../services.js';

interface ReportFlags {
  readonly open?: boolean;
  readonly out?: string;
  readonly json?: boolean;
  readonly model?: boolean;
}

export function registerReport(program: Command): void {
  program
    .command('report')
    .description("download the report of a dataset's latest run, or of its latest model, as one HTML file")
    .argument('<dataset>', 'name of the dataset, as `curator list` prints it')
    .option('--model', 'the report of the latest model: its errors, and its worst test images')
    .option('--open', 'open it in the browser')
    .option('--out <file>', 'the file to write (default: <dataset>.report.html or <dataset>.model.html)')
    .option('--json', 'print one JSON document: {dataset, version, key, file, bytes}')
    .addHelpText('after', helpEnd('curator report skin-2025-09 --open'))
    .action(report);
}

async function report(dataset: string, flags: ReportFlags): Promise<void> {
  checkDatasetName(dataset);
  const out = flags.out ?? `${dataset}.${flags.model ? 'model' : 'report'}.html`;
  const saved = await (flags.model ? saveModelReport : saveReport)(readServices(), dataset, out);
  process.stdout.write(`${flags.json ? JSON.stringify(saved) : saved.file}\n`);
  if (flags.open) await open(saved.file);
}

export interface SavedReport {
  readonly dataset: string;
  /** The dataset version, or the model version. */
  readonly version: string;
  /** S3 key of the report. */
  readonly key: string;
  /** Absolute path of the file. */
  readonly file: string;
  readonly bytes: number;
}

/**
 * Downloads the report of a dataset's latest run to a file.
 * @throws RefusedError if the run has no report
 */
export async function saveReport(
  environment: Environment,
  dataset: string,
  path: string,
): Promise<SavedReport> {
  const bucket = requireBucket(environment);
  const store = new ObjectStore(createS3Client(environment.aws));
  const version = await latestVersion(store, environment, dataset, bucket);
  const key = versionKey(dataset, version, 'report.html');
  const page = await store.findBytes(bucket, key);
  if (!page) {
    throw new RefusedError(
      `The run of ${dataset} has no report yet. It is written after preprocessing; check with \`curator status ${dataset}\`.`,
    );
  }
  return await saved(dataset, version, key, page, path);
}

/**
 * Downloads the report of a dataset's latest model to a file.
 * @throws RefusedError if the dataset has no model, or the model has no report
 */
async function saveModelReport(
  environment: Environment,
  dataset: string,
  path: string,
): Promise<SavedReport> {
  const bucket = requireBucket(environment);
  const store = new ObjectStore(createS3Client(environment.aws));
  const [newest] = await readModelCards(store, bucket, dataset);
  if (!newest) throw noModelError(dataset);
  const { modelVersion } = newest.model;
  const key = modelReportKey(dataset, modelVersion);
  const page = await store.findBytes(bucket, key);
  if (!page) {
    throw new RefusedError(
      `The model ${modelVersion} of ${dataset} has no report, because an earlier version of Curator trained it.`,
    );
  }
  return await saved(dataset, modelVersion, key, page, path);
}

async function saved(
  dataset: string,
  version: string,
  key: string,
  page: Buffer,
  path: string,
): Promise<SavedReport> {
  const file = resolve(path);
  await writeFile(file, page);
  return { dataset, version, key, file, bytes: page.length };
}

/** The version of the current run; if Temporal has none or is unavailable, that of the run in status.json. */
async function latestVersion(
  store: ObjectStore,
  environment: Environment,
  dataset: string,
  bucket: string,
): Promise<string> {
  const read = withClient((client) => client.progress(dataset), environment);
  const progress = await read.catch(async (error: unknown) => {
    const recorded = await store.findJson(bucket, statusKey(dataset), statusSchema);
    if (!recorded) throw error;
    return recorded;
  });
  if (progress.version === null) {
    throw new RefusedError(
      `The run of ${dataset} has no report, because its archive has not been read as a dataset. ${progress.result?.message ?? `Check with \`curator status ${dataset}\`.`}`,
    );
  }
  return progress.version;
}
