import { resolve } from 'node:path';
import type { Command } from 'commander';
import open from 'open';
import { RefusedError } from '../../client/errors.js';
import { type Environment, requireBucket } from '../../config/environment.js';
import { statusSchema } from '../../contracts/ledger.js';
import { checkDatasetName } from '../../dataset/model/identity.js';
import { modelReportKey, statusKey, versionKey } from '../../dataset/model/layout.js';
import { latestModelCard } from '../../models/cards.js';
import { createS3Client } from '../../storage/client.js';
import { SMALL_JSON_BYTES } from '../../storage/json.js';
import { ObjectStore } from '../../storage/object-store.js';
import { helpEnd } from '../output/exit-codes.js';
import { printLine } from '../output/terminal.js';
import { refuseUnwritable, writeOutput } from '../output-file.js';
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
  await refuseUnwritable(out);
  const saved = await saveReport(readServices(), dataset, out, flags.model ? ofLatestModel : ofLatestRun);
  printLine(flags.json ? JSON.stringify(saved) : saved.file);
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

/** A report in S3: its version, its key, and what to say if it is not there. */
interface Wanted {
  readonly version: string;
  readonly key: string;
  readonly absence: string;
}

type Find = (
  store: ObjectStore,
  environment: Environment,
  dataset: string,
  bucket: string,
) => Promise<Wanted>;

/**
 * Downloads a report of a dataset to a file.
 * @param find by default, finds the report of the latest run
 * @throws RefusedError if there is none
 */
export async function saveReport(
  environment: Environment,
  dataset: string,
  path: string,
  find: Find = ofLatestRun,
): Promise<SavedReport> {
  const bucket = requireBucket(environment);
  const store = new ObjectStore(createS3Client(environment.aws));
  const { version, key, absence } = await find(store, environment, dataset, bucket);
  const page = await store.findBytes(bucket, key);
  if (!page) throw new RefusedError(absence);
  const file = resolve(path);
  await writeOutput(file, page);
  return { dataset, version, key, file, bytes: page.length };
}

const ofLatestRun: Find = async (store, environment, dataset, bucket) => {
  const version = await latestVersion(store, environment, dataset, bucket);
  return {
    version,
    key: versionKey(dataset, version, 'report.html'),
    absence: `The run of ${dataset} has no report yet. It is written after preprocessing; check with \`curator status ${dataset}\`.`,
  };
};

const ofLatestModel: Find = async (store, _environment, dataset, bucket) => {
  const { modelVersion: version } = (await latestModelCard(store, bucket, dataset)).model;
  return {
    version,
    key: modelReportKey(dataset, version),
    absence: `The model ${version} of ${dataset} has no report, because an earlier version of Curator trained it.`,
  };
};

/** The version of the current run; if Temporal has none or is unavailable, that of the run in status.json. */
async function latestVersion(
  store: ObjectStore,
  environment: Environment,
  dataset: string,
  bucket: string,
): Promise<string> {
  const read = withClient((client) => client.progress(dataset), environment);
  const progress = await read.catch(async (error: unknown) => {
    const recorded = await store.findJson(bucket, statusKey(dataset), statusSchema, {
      maxBytes: SMALL_JSON_BYTES,
    });
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
