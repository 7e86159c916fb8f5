import { type Command, InvalidArgumentError } from 'commander';
import type { CuratorClient } from '../../client/curator-client.js';
import { RefusedError } from '../../client/errors.js';
import { secondsOf } from '../../config/duration.js';
import type { Environment } from '../../config/environment.js';
import { checkDatasetName } from '../../dataset/model/identity.js';
import { drawBoxes } from '../../images/draw.js';
import { type Photo, preparePhoto } from '../../images/photo.js';
import { errorMessage } from '../../lib/error-message.js';
import { readRegularFile } from '../../lib/read-regular-file.js';
import { UsageError } from '../../lib/usage-error.js';
import { detectPhoto } from '../../models/detect-photo.js';
import { type FoundLabel, ModelRunner } from '../../models/model-runner.js';
import { createRekognitionClient } from '../../training/client.js';
import { hourlyRate } from '../../training/estimate.js';
import { Trainer } from '../../training/trainer.js';
import { type ChosenModel, chooseModel } from '../detect/choose-model.js';
import { whileRunning } from '../detect/while-running.js';
import { helpEnd } from '../output/exit-codes.js';
import { printLine, sayLine } from '../output/terminal.js';
import { refuseUnwritable, writeOutput } from '../output-file.js';
import { withClient } from '../services.js';

/** More than the maximum of pixels without compression. */
const MAX_PHOTO_BYTES = 1024 * 1024 * 1024;

interface DetectOptions {
  readonly model: string;
  readonly dataset?: string;
  readonly draw?: string;
  readonly json?: boolean;
  readonly stopAfter?: number;
  readonly minConfidence?: number;
}

interface Detected {
  readonly photo: string;
  /** Pixels of the upright photo. */
  readonly width: number;
  readonly height: number;
  readonly labels: readonly FoundLabel[];
}

export function registerDetect(program: Command): void {
  program
    .command('detect')
    .description(
      'detect objects in photos with a trained model; a model that does not run is started, and stopped afterwards',
    )
    .argument('<photo...>', 'JPEG, PNG, WebP, TIFF, GIF or AVIF')
    .requiredOption('--model <model>', "ARN of a model version, or latest for the dataset's latest model")
    .option('--dataset <name>', 'the dataset of the latest model (default: DATASET_NAME)')
    .option('--draw <file>', 'write the photo with its boxes to this JPEG file; for one photo only')
    .option(
      '--min-confidence <percent>',
      "report boxes from this confidence on, 0 to 100 (default: the model's own threshold for each class)",
      parsePercent,
    )
    .option('--stop-after <time>', 'keep the model running for more photos, such as 10m or 2h', parseTime)
    .option('--json', 'print a JSON list with one item per photo')
    .addHelpText(
      'after',
      `\nA running model is billed per hour. This command stops a model that it started, also on Ctrl-C; a workflow stops it if this machine fails.\n${helpEnd('curator detect face.jpg --model latest --dataset skin-2025-09 --draw found.jpg')}`,
    )
    .action(detect);
}

async function detect(paths: string[], options: DetectOptions): Promise<void> {
  if (options.draw && paths.length > 1)
    throw new UsageError('--draw needs exactly one photo. Run the command once per photo.');
  if (options.dataset !== undefined) checkDatasetName(options.dataset);
  const say = sayLine;
  if (options.draw) await refuseUnwritable(options.draw, paths);
  await withClient(async (client, environment) => {
    const chosen = await chooseModel(client, options.model, options.dataset ?? environment.datasetName);
    // Photos are read before the model is started, so that an unreadable photo costs nothing.
    const photos = await Promise.all(paths.map((path) => readPhoto(path, chosen)));
    const detected = await detectAll(client, environment, chosen, photos, options, say);
    const [photo] = photos;
    if (options.draw && photo) {
      const boxes = (detected[0]?.labels ?? []).map(({ label, confidence, box }) => ({
        text: `${label} ${confidence.toFixed(0)} %`,
        box,
      }));
      await writeOutput(options.draw, await drawBoxes(photo.picture, boxes));
    }
    const text = options.json ? JSON.stringify(detected) : detected.map(describe).join('\n');
    printLine(text);
  });
}

async function detectAll(
  client: CuratorClient,
  { aws, trainer, hourlyRates }: Environment,
  { model }: ChosenModel,
  photos: readonly Photo[],
  { stopAfter, minConfidence }: DetectOptions,
  say: (text: string) => void,
): Promise<Detected[]> {
  const rekognition = createRekognitionClient(aws, trainer);
  const runner = new ModelRunner(rekognition);
  const rate = hourlyRate('inference', hourlyRates);
  const isBilled = (await new Trainer(rekognition).kind()) === 'rekognition';
  const cost = isBilled ? ` It costs US$ ${rate.usd.toFixed(2)} per hour (${rate.source}).` : '';
  return await whileRunning({
    ...{ model, runner, say, cost, guard: client.guard },
    ...(stopAfter === undefined ? {} : { stopAfterSecs: stopAfter }),
    work: async (signal) => {
      const detected: Detected[] = [];
      for (const photo of photos) {
        signal.throwIfAborted();
        const { path, width, height } = photo;
        const labels = await detectPhoto(runner, model, photo, minConfidence);
        detected.push({ photo: path, width, height, labels });
      }
      return detected;
    },
  });
}

async function readPhoto(path: string, { imageSettings }: ChosenModel): Promise<Photo> {
  const photo = await preparePhoto(path, bytesOf(path), imageSettings);
  if ('problem' in photo) throw new RefusedError(`${path}: ${photo.problem}`);
  return photo;
}

function bytesOf(path: string): Buffer {
  try {
    return readRegularFile(path, MAX_PHOTO_BYTES);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new UsageError(`${path}: no such file.`);
    throw new UsageError(`${path} cannot be read: ${errorMessage(error)}`);
  }
}

function describe({ photo, width, height, labels }: Detected): string {
  const lines = labels.map(({ label, confidence, box }) => {
    const [left, top] = [Math.round(box.left * width), Math.round(box.top * height)];
    const size = `${Math.round(box.width * width)} x ${Math.round(box.height * height)}`;
    return `  ${label.padEnd(20)} ${confidence.toFixed(1).padStart(5)} %  ${size} at ${left}, ${top}`;
  });
  return [`${photo} (${width} x ${height})`, ...(lines.length > 0 ? lines : ['  no objects found'])].join(
    '\n',
  );
}

function parsePercent(text: string): number {
  const percent = text.trim() === '' ? Number.NaN : Number(text);
  if (!(percent >= 0 && percent <= 100)) throw new InvalidArgumentError('Expected a number from 0 to 100.');
  return percent;
}

function parseTime(text: string): number {
  const seconds = secondsOf(text);
  if (seconds === undefined) throw new InvalidArgumentError('Expected a duration such as 90s, 10m or 2h.');
  return seconds;
}
