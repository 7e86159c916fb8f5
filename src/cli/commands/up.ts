import { type Command, InvalidArgumentError } from 'commander';
import { interruptibly, untilAborted } from '../../lib/interruption.js';
import { startStack } from '../../local/stack.js';
import type { StackInfo } from '../../local/state.js';
import { helpEnd } from '../output/exit-codes.js';
import { printLine, sayLine } from '../output/terminal.js';
import { localStack } from '../services.js';

interface UpOptions {
  readonly json?: boolean;
  readonly temporalPort?: number;
  readonly uiPort?: number;
  readonly s3Port?: number;
  readonly rekognitionPort?: number;
  readonly endpointPort?: number;
}

export function registerUp(program: Command): void {
  program
    .command('up')
    .description(
      'start the local stack and keep it running: Temporal with its UI, S3, Rekognition emulator, worker, endpoint',
    )
    .option('--json', 'print one line of JSON when everything is ready')
    .option('--temporal-port <port>', 'port of Temporal', parsePort)
    .option('--ui-port <port>', "port of Temporal's UI", parsePort)
    .option('--s3-port <port>', 'port of S3', parsePort)
    .option('--rekognition-port <port>', 'port of the Rekognition emulator', parsePort)
    .option('--endpoint-port <port>', 'port of the HTTP endpoint', parsePort)
    .addHelpText(
      'after',
      `\nPorts that are not set are chosen automatically. Ctrl-C stops everything.\n${helpEnd('curator up --ui-port 8233')}`,
    )
    .action(up);
}

async function up(options: UpOptions): Promise<void> {
  const say = sayLine;
  // Handled from the start: a signal during startup must stop what has been started.
  await interruptibly(say, async (interrupted) => {
    const stack = await startStack({
      ...localStack(),
      say,
      ports: {
        temporal: options.temporalPort,
        ui: options.uiPort,
        s3: options.s3Port,
        rekognition: options.rekognitionPort,
        endpoint: options.endpointPort,
      },
    });
    if (!interrupted.aborted) {
      printLine(options.json ? JSON.stringify(stack.info) : addresses(stack.info));
    }
    await untilAborted(interrupted);
    await stack.stop();
    say('Everything has stopped.');
  });
}

/** Temporal's UI shows the workflows that match it. */
const RUNS = encodeURIComponent('WorkflowType="ingestDataset"');

const addresses = ({ temporal, s3, rekognition, endpoint }: StackInfo) =>
  [
    `Temporal     ${temporal.address}`,
    `Runs         ${temporal.ui}/namespaces/${temporal.namespace}/workflows?query=${RUNS}`,
    `S3           ${s3.endpoint}, bucket ${s3.bucket}`,
    `Rekognition  ${rekognition.endpoint} (emulator)`,
    `Endpoint     ${endpoint.url}`,
    'Ready. In another terminal: curator ingest my.zip. Ctrl-C stops everything.',
  ].join('\n');

export function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new InvalidArgumentError('Expected a port from 1 to 65535.');
  return port;
}
