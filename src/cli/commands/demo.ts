import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { readConfiguration } from '../../config/configuration.js';
import { DEFAULT_SAMPLE_IMAGES, writeSample } from '../../sample/write-sample.js';
import { EXIT_HELP, helpEnd } from '../output/exit-codes.js';
import { ProgressDisplay } from '../output/progress.js';
import { runIngest } from './ingest.js';

export const DEMO_SEED = 1;
const DATASET = 'demo-skin';

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
  const folder = environment.home;
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'demo-skin.coco.zip');
  const display = new ProgressDisplay();
  await writeSample({ out: path, images: DEFAULT_SAMPLE_IMAGES, seed: DEMO_SEED }, (done, total) =>
    display.counted('generating', done, total, 'images'),
  );
  display.end();
  // The generated dataset is fit for training: a check before the upload would only cost time.
  const options = { local: true, wait: true, uploadAnyway: true, ...(json ? { json } : {}) };
  process.exitCode = await runIngest(
    [{ named: path, dataset: DATASET, settings: settings.dataset, run: settings.run, options }],
    environment,
  );
}
