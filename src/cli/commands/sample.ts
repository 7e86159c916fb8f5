import { type Command, InvalidArgumentError } from 'commander';
import { errorMessage } from '../../lib/error-message.js';
import { plural } from '../../lib/plural.js';
import {
  DEFAULT_SAMPLE_IMAGES,
  MAX_SAMPLE_IMAGES,
  MIN_SAMPLE_IMAGES,
  writeSample,
} from '../../sample/write-sample.js';
import { helpEnd } from '../output/exit-codes.js';
import { printLine, sayLine } from '../output/terminal.js';
import { refuseUnwritable } from '../output-file.js';
import { refuseExisting } from '../refuse-existing.js';

interface SampleFlags {
  readonly out: string;
  readonly images: number;
  readonly seed: number;
  readonly force?: true;
  readonly json?: true;
}

const PROGRESS_EVERY = 50;

function wholeNumber(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < low || value > high) {
      throw new InvalidArgumentError(`Expected a whole number from ${low} to ${high}.`);
    }
    return value;
  };
}

async function runSample({ out, images, seed, force, json }: SampleFlags, command: Command): Promise<void> {
  await refuseExisting('--out', out, force);
  await refuseUnwritable(out);
  const result = await writeSample({ out, images, seed }, (done, total) => {
    if (done % PROGRESS_EVERY === 0 || done === total) sayLine(`generated ${done} of ${total}`);
  }).catch((error: unknown) => {
    const reason = errorMessage(error);
    return command.error(`error: ${out} cannot be written: ${reason}`, { exitCode: 1 });
  });
  const line = json
    ? JSON.stringify({ out, seed, ...result })
    : `${out}: ${plural(result.images, 'image')}, ${plural(result.annotations, 'box')}, ${(result.bytes / 1e6).toFixed(1)} MB`;
  printLine(line);
}

export function registerSample(program: Command): void {
  program
    .command('sample')
    .description(
      'generate a labelled dataset of skin lesions as a ZIP in the layout of a Roboflow COCO export',
    )
    .requiredOption('--out <file>', 'the ZIP to write')
    .option(
      '--images <n>',
      `number of images, ${MIN_SAMPLE_IMAGES} to ${MAX_SAMPLE_IMAGES}`,
      wholeNumber(MIN_SAMPLE_IMAGES, MAX_SAMPLE_IMAGES),
      DEFAULT_SAMPLE_IMAGES,
    )
    .option(
      '--seed <n>',
      'seed of the generator; the same seed gives the same bytes',
      wholeNumber(0, 2 ** 32 - 1),
      1,
    )
    .option('--force', 'replace the file if it exists')
    .option('--json', 'print one JSON document: {out, seed, images, annotations, bytes}')
    .addHelpText('after', helpEnd('curator sample --out skin-sample.zip --images 300 --seed 1'))
    .action(runSample);
}
