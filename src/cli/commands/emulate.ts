import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { secondsOf } from '../../config/duration.js';
import { readEnvironment } from '../../config/environment.js';
import { type ChaosSettings, parseChaos } from '../../emulator/chaos.js';
import { startEmulator } from '../../emulator/emulator.js';
import { errorMessage } from '../../lib/error-message.js';
import { helpEnd } from '../output/exit-codes.js';
import { printLine, sayLine } from '../output/terminal.js';
import { parsePort } from './up.js';

interface EmulateOptions {
  readonly host: string;
  readonly port: number;
  readonly state?: string;
  readonly trainingTime: number;
  readonly chaos?: ChaosSettings;
  readonly chaosSeed: number;
  readonly clockSpeed: number;
}

/** Measured duration of a real training with 889 images. */
const REAL_HOURS = 2.8;

export function registerEmulate(program: Command): void {
  program
    .command('emulate')
    .description('run emulators of cloud services')
    .command('rekognition')
    .description('emulate Rekognition Custom Labels: read manifests and images from S3, train and evaluate')
    .requiredOption('--port <port>', 'port to listen on', parsePort)
    .option('--host <address>', 'address to listen on; requests must be signed in any case', '127.0.0.1')
    .option('--state <folder>', 'folder of the state (default: rekognition in CURATOR_HOME)')
    .addOption(
      new Option(
        '--training-time <time>',
        'minimum duration of a training: 0, 30s, 10m, 2.8h, or real (2.8 h)',
      )
        .argParser(parseTime)
        .default(0, '0'),
    )
    .addOption(
      new Option(
        '--chaos <faults>',
        'faults to inject, such as throttle=0.2,error=0.05,fail-training=0.1 (see docs/emulator.md)',
      ).argParser(parseFaults),
    )
    .addOption(
      new Option('--chaos-seed <number>', 'seed of the faults: the same seed and calls give the same faults')
        .argParser(parseNumber)
        .default(0),
    )
    .addOption(
      new Option(
        '--clock-speed <factor>',
        'speed of the clock of trainings, 1 to 100000, such as 600 for 600 times as fast',
      )
        .argParser(parseSpeed)
        .default(1),
    )
    .addHelpText(
      'after',
      helpEnd('curator emulate rekognition --port 8334 --training-time real --clock-speed 600'),
    )
    .action(emulate);
}

async function emulate(options: EmulateOptions): Promise<void> {
  const { home, aws } = readEnvironment();
  const emulator = await startEmulator({
    host: options.host,
    port: options.port,
    stateFolder: options.state ?? join(home, 'rekognition'),
    trainingMs: options.trainingTime,
    ...(options.chaos ? { chaos: options.chaos } : {}),
    chaosSeed: options.chaosSeed,
    clockSpeed: options.clockSpeed,
    aws,
    log: sayLine,
  });
  printLine(JSON.stringify({ ready: true, endpoint: emulator.endpoint }));
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  await emulator.stop();
}

function parseTime(text: string): number {
  if (text === 'real') return REAL_HOURS * 3_600_000;
  const seconds = secondsOf(text);
  if (seconds === undefined)
    throw new InvalidArgumentError('Expected a duration such as 0, 30s, 10m, 2.8h or real.');
  return seconds * 1_000;
}

function parseFaults(text: string): ChaosSettings {
  try {
    return parseChaos(text);
  } catch (error) {
    throw new InvalidArgumentError(errorMessage(error));
  }
}

function parseNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Expected a whole number, 0 or more.');
  return Number(text);
}

function parseSpeed(text: string): number {
  const speed = Number(text);
  if (!(speed >= 1 && speed <= 100_000))
    throw new InvalidArgumentError('Expected a number from 1 to 100000.');
  return speed;
}
