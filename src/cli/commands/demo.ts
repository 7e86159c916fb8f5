import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Command } from 'commander';
import open from 'open';
import { readConfiguration } from '../../config/configuration.js';
import { makeFolder } from '../../lib/make-folder.js';
import { cacheFolder } from '../../local/binaries.js';
import { hasDesktop } from '../../local/desktop.js';
import { EXIT_HELP, helpEnd } from '../output/exit-codes.js';
import { withProgress } from '../output/progress.js';
import { printLine } from '../output/terminal.js';
import { runIngest } from '../run-ingest.js';
import type { SavedReport } from './report.js';

export const DEMO_SEED = 1;
const DATASET = 'demo-skin';
const { version } = createRequire(import.meta.url)('../../../package.json') as { version: string };

export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description('generate a dataset and run the complete pipeline on it, on this machine only')
    .option('--json', 'print one JSON document on stdout; progress stays on stderr')
    .addHelpText('after', helpEnd('curator demo', EXIT_HELP))
    .action(demo);
}

async function demo({ json }: { json?: boolean }): Promise<void> {
  const { environment, settings } = readConfiguration();
  const path = await drawn();
  // The generated dataset is fit for training: a check before the upload would only cost time.
  const options = { local: true, wait: true, uploadAnyway: true, ...(json ? { json } : {}) };
  const job = { named: path, dataset: DATASET, settings: settings.dataset, run: settings.run, options };
  let report: SavedReport | undefined;
  process.exitCode = await runIngest([job], environment, async (services) => {
    const { saveReport } = await import('./report.js');
    // A run that failed early has none; the summary says why.
    report = await saveReport(services, DATASET, join(environment.home, `${DATASET}.report.html`)).catch(
      () => undefined,
    );
  });
  if (!report || json) return;
  printLine(`\nReport: ${report.file}`);
  if (hasDesktop()) await open(report.file);
}

/** Draws the dataset, unless this version of Curator has drawn it for an earlier demo. */
async function drawn(): Promise<string> {
  const folder = cacheFolder();
  const path = join(folder, `${DATASET}-${version}.coco.zip`);
  if (existsSync(path)) return path;
  makeFolder(folder, 'CURATOR_CACHE');
  const { DEFAULT_SAMPLE_IMAGES, writeSample } = await import('../../sample/write-sample.js');
  await withProgress((display) =>
    writeSample({ out: path, images: DEFAULT_SAMPLE_IMAGES, seed: DEMO_SEED }, (done, total) =>
      display.counted('generating', done, total, 'images'),
    ),
  );
  return path;
}
