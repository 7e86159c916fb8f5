import type { Command } from 'commander';
import { labelReviewCsv } from '../../advice/label-review-csv.js';
import { requireBucket } from '../../config/environment.js';
import { crossValidateVersion } from '../../cross-validation/cross-validate-version.js';
import { checkDatasetName, versionDir } from '../../dataset/model/identity.js';
import { wholePhotosText } from '../../dataset/model/tiled-images.js';
import { newestVersionOf } from '../../export/read-version.js';
import { plural } from '../../lib/plural.js';
import { createS3Client } from '../../storage/client.js';
import { ObjectStore } from '../../storage/object-store.js';
import { curveTable } from '../output/curve-table.js';
import { helpEnd } from '../output/exit-codes.js';
import { withProgress } from '../output/progress.js';
import { printLine } from '../output/terminal.js';
import { refuseUnwritable, writeOutput } from '../output-file.js';
import { refuseExisting } from '../refuse-existing.js';
import { readServices } from '../services.js';

interface CrossValidateFlags {
  readonly labels?: string;
  readonly force?: true;
  readonly json?: boolean;
}

export function registerCrossValidate(program: Command): void {
  program
    .command('cross-validate')
    .description(
      'fit the local detector on parts of the latest valid version: which classes gain from more photos, and which labels are doubtful',
    )
    .argument('<dataset>', 'name of the dataset, as `curator list` prints it')
    .option('--labels <file>', 'CSV to write with the labels to check, the most doubtful first')
    .option('--force', 'replace the CSV if it exists')
    .option('--json', 'print one JSON document: {dataset, version, classes, doubtfulLabels}')
    .addHelpText('after', helpEnd('curator cross-validate skin-2025-09 --labels skin-labels.csv'))
    .action(crossValidateDataset);
}

async function crossValidateDataset(
  dataset: string,
  { labels, force, json }: CrossValidateFlags,
): Promise<void> {
  checkDatasetName(dataset);
  if (labels !== undefined) {
    await refuseExisting('--labels', labels, force);
    await refuseUnwritable(labels);
  }
  const environment = readServices();
  const bucket = requireBucket(environment);
  const store = new ObjectStore(createS3Client(environment.aws));
  const version = versionDir(await newestVersionOf(store, bucket, dataset));
  const { crossValidation, doubts, photos, tiles } = await withProgress((display) =>
    crossValidateVersion(
      store,
      { bucket, dataset, version },
      ({ fitted, fits }) => display.counted('cross-validating', fitted, fits, 'detectors'),
      new AbortController().signal,
    ),
  );
  if (labels !== undefined) await writeOutput(labels, labelReviewCsv({ doubts, examined: 'all-images' }));
  if (json) {
    printLine(JSON.stringify({ ...crossValidation, doubtfulLabels: doubts.length }));
    return;
  }
  printLine(curveTable(crossValidation.classes));
  if (tiles > 0) printLine(wholePhotosText(photos, tiles));
  printLine(
    labels === undefined
      ? `${plural(doubts.length, 'label')} to check. List them with --labels <file>.`
      : `${labels}: ${plural(doubts.length, 'label')} to check, the most doubtful first.`,
  );
}
