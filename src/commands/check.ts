import { basename } from 'node:path';
import type { Command } from 'commander';
import { fileSource } from '../archive/source.js';
import { checkArchive } from '../check.js';
import { readSettings } from '../config.js';
import { slug } from '../dataset/identity.js';
import { statOf } from '../upload.js';
import { EXIT } from './output/exit-codes.js';
import { ProgressDisplay } from './output/progress.js';
import { datasetSummary } from './output/summary.js';
import { addSettings, settingFlags } from './settings-options.js';

export function registerCheck(program: Command): void {
  const command = program
    .command('check')
    .description('read, curate and validate an archive here, without server, upload or training')
    .argument('<zip>', 'the archive')
    .option('--json', 'print one JSON document on stdout');
  addSettings(command, 'dataset')
    .addHelpText(
      'after',
      '\nExit codes: 0 fit, 1 not fit, 2 wrong usage.\n\nExample:\n  $ curator check "Face Skin Problems.v1i.coco.zip"',
    )
    .action(check);
}

async function check(path: string, options: { json?: boolean } & Record<string, unknown>): Promise<void> {
  const { dataset: settings } = readSettings(settingFlags(options), process.env);
  await statOf(path);
  const display = new ProgressDisplay();
  const source = await fileSource(path);
  const result = await checkArchive(source, {
    dataset: slug(basename(path)),
    settings,
    onProgress: ({ stage, done, total }) => {
      if (stage === 'preprocessing') display.counted(stage, done, total, 'images');
      else display.step(stage, '');
    },
  }).finally(() => source.close());
  display.end();
  process.stdout.write(`${options.json ? JSON.stringify(result) : datasetSummary(result)}\n`);
  process.exitCode = result.fit ? EXIT.done : EXIT.failed;
}
