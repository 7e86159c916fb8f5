import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { startEmulator } from '../local/rekognition/emulator.js';
import { homeFolder } from '../local/state.js';
import { parsePort } from './up.js';

interface EmulateOptions {
  readonly host: string;
  readonly port: number;
  readonly state?: string;
  readonly trainingTime: number;
}

/** What the system that Curator replaces took for 889 images. */
const REAL_HOURS = 2.8;

export function registerEmulate(program: Command): void {
  program
    .command('emulate')
    .description('emulators of cloud services, for work without them')
    .command('rekognition')
    .description('emulate Rekognition Custom Labels: reads manifests and images from S3, trains, evaluates')
    .requiredOption('--port <port>', 'port to listen on', parsePort)
    .option(
      '--host <address>',
      'address to listen on; requests are signed wherever they come from',
      '127.0.0.1',
    )
    .option('--state <folder>', 'folder of its state (default: rekognition in CURATOR_HOME)')
    .addOption(
      new Option(
        '--training-time <time>',
        'how long a training lasts at least: 0, 30s, 10m, 2.8h, or real (2.8 h)',
      )
        .argParser(parseTime)
        .default(0, '0'),
    )
    .addHelpText('after', '\nExample:\n  $ curator emulate rekognition --port 8334 --training-time 10m')
    .action(emulate);
}

async function emulate(options: EmulateOptions): Promise<void> {
  const emulator = await startEmulator({
    host: options.host,
    port: options.port,
    stateFolder: options.state ?? join(homeFolder(process.env), 'rekognition'),
    trainingMs: options.trainingTime,
    env: process.env,
    log: (message) => process.stderr.write(`${message}\n`),
  });
  process.stdout.write(`${JSON.stringify({ ready: true, endpoint: emulator.endpoint })}\n`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  await emulator.stop();
}

function parseTime(text: string): number {
  if (text === 'real') return REAL_HOURS * 3_600_000;
  const [, number, unit = 's'] = /^(\d+(?:\.\d+)?)([smh])?$/.exec(text) ?? [];
  if (number === undefined) throw new InvalidArgumentError('A time is 0, 30s, 10m, 2.8h or real.');
  return Number(number) * { s: 1_000, m: 60_000, h: 3_600_000 }[unit as 's' | 'm' | 'h'];
}
