import type { Command } from 'commander';
import { type ByteSource, fileSource, s3Source } from '../../archive/source.js';
import { checkReport } from '../../check/archive-report.js';
import {
  type CheckOptions,
  type CheckProgress,
  type CheckResult,
  examineArchive,
} from '../../check/examine.js';
import { readSettings } from '../../config/read-settings.js';
import { checkInput, datasetNameOf, filesOfInput, type Input, openInput } from '../../input/input.js';
import { namedObject } from '../../input/s3-object.js';
import { inspectApart } from '../../pipeline/inspect-apart.js';
import { ThumbnailFile } from '../../pipeline/thumbnail-file.js';
import { createS3Client } from '../../storage/client.js';
import { ObjectStore } from '../../storage/object-store.js';
import { EXIT, helpEnd } from '../output/exit-codes.js';
import { type ProgressDisplay, withProgress } from '../output/progress.js';
import { datasetSummary } from '../output/summary.js';
import { printLine } from '../output/terminal.js';
import { refuseUnwritable, writeOutput } from '../output-file.js';
import { readStorage } from '../services.js';
import { addSettings, settingFlags } from '../settings-options.js';

interface CheckFlags {
  readonly json?: boolean;
  readonly strict?: boolean;
  readonly report?: string;
}

export function registerCheck(program: Command): void {
  const command = program
    .command('check')
    .description(
      'check on this machine whether a dataset is fit for training, without server, upload or training',
    )
    .argument('<archive>', 'a ZIP file, a folder, s3://bucket/key or an https URL')
    .option('--strict', 'exit with code 1 also for warnings')
    .option('--report <file>', 'write report.html to this file')
    .option('--json', 'print one JSON document on stdout');
  addSettings(command, 'dataset')
    .addHelpText(
      'after',
      helpEnd(
        'curator check "Face Skin Problems.v1i.coco.zip" --report report.html',
        '\nExit codes: 0 fit for training, 1 not fit (with --strict also for warnings), 2 wrong usage.',
      ),
    )
    .action(check);
}

async function check(named: string, flags: CheckFlags & Record<string, unknown>): Promise<void> {
  const { dataset: settings } = readSettings(settingFlags(flags));
  await checkInput(named);
  const dataset = datasetNameOf(named, undefined);
  if (flags.report !== undefined) await refuseUnwritable(flags.report, await filesOfInput(named));
  const result = await withProgress((display) =>
    examine(named, { dataset, settings }, flags.report, display),
  );
  printLine(flags.json ? JSON.stringify(result) : datasetSummary(result));
  const accepted = result.fit && !(flags.strict && result.findings.length > 0);
  process.exitCode = accepted ? EXIT.done : EXIT.failed;
}

async function examine(
  named: string,
  identity: Pick<CheckOptions, 'dataset' | 'settings'>,
  report: string | undefined,
  display: ProgressDisplay,
): Promise<CheckResult> {
  const onProgress = ({ stage, done, total }: CheckProgress) => {
    if (stage === 'preprocessing') display.counted(stage, done, total, 'images');
    else display.step(stage);
  };
  // First: if it cannot be created, nothing is open that had to be closed.
  const thumbnails = new ThumbnailFile();
  const options = { ...identity, onProgress, inspect: inspectApart, thumbnails };
  const input = await openInput(named, (stage, done, total, unit) =>
    display.counted(stage, done, total, unit),
  );
  const source = await sourceOf(input);
  try {
    const examination = await examineArchive(source, options);
    if (report !== undefined) {
      display.step(`drawing ${report}`);
      await writeOutput(report, await checkReport(source, examination, options));
    }
    return examination.result;
  } finally {
    thumbnails.close();
    await source.close();
    if (input.kind === 'file') await input.close();
  }
}

/** An S3 object is read by byte ranges, without a download. */
async function sourceOf(input: Input): Promise<ByteSource & { close(): Promise<void> }> {
  if (input.kind === 'file') return await fileSource(input.path);
  const { bucket, key } = input;
  const store = new ObjectStore(createS3Client(readStorage().aws));
  const object = await namedObject(store, input);
  return { ...s3Source(store, { bucket, key, ...object }), close: async () => undefined };
}
