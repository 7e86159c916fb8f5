import { Client } from '@temporalio/client';
import type { Command } from 'commander';
import { temporalTarget } from '../../client/connect.js';
import { openConnection } from '../../client/connection.js';
import type { Configuration } from '../../config/configuration.js';
import { requireBucket, type TemporalEnvironment } from '../../config/environment.js';
import { type Check, checked } from '../../doctor/check.js';
import { checkNode } from '../../doctor/node.js';
import { checkIdentity, checkStorage } from '../../doctor/storage.js';
import { checkTemporal } from '../../doctor/temporal.js';
import { checkTrainer } from '../../doctor/training.js';
import { createS3Client } from '../../storage/client.js';
import { callerAccount } from '../../training/account.js';
import { createRekognitionClient } from '../../training/client.js';
import { EXIT, helpEnd } from '../output/exit-codes.js';
import { printLine } from '../output/terminal.js';
import { readServiceConfiguration } from '../services.js';

const TEMPORAL_DEADLINE_MS = 5_000;

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check settings, credentials, bucket, Rekognition, Temporal and worker, at no cost')
    .option('--json', 'print the checks as a JSON list')
    .addHelpText(
      'after',
      helpEnd(
        'BUCKET=dermavision-offline curator doctor',
        '\nExit codes: 0 nothing is missing, 1 something is missing, 2 wrong usage.',
      ),
    )
    .action(doctor);
}

async function doctor({ json }: { json?: boolean }): Promise<void> {
  const checks = await allChecks();
  printLine(json ? JSON.stringify(checks) : checks.map(line).join('\n'));
  if (checks.some(({ status }) => status === 'missing')) process.exitCode = EXIT.failed;
}

async function allChecks(): Promise<Check[]> {
  let read: Configuration | undefined;
  const settings = await checked('settings', 'fix the variables that are named', async () => {
    read = readServiceConfiguration();
    return 'all settings and variables are valid';
  });
  const first = [checkNode(process.versions.node), settings];
  // Without valid variables, the other checks might reach services that are not meant.
  if (!read) return first;
  return [...first, ...(await awsChecks(read)), ...(await temporalChecks(read.environment.temporal))];
}

async function awsChecks({ environment, settings }: Configuration): Promise<Check[]> {
  const { aws, bucket, trainer, hourlyRates } = environment;
  const client = createS3Client(aws);
  const identity = await checkIdentity(client);
  if (identity.some(({ status }) => status === 'missing')) return identity;
  const storage =
    bucket === undefined
      ? [await checked('BUCKET', 'set it to the name of the bucket', async () => requireBucket(environment))]
      : await checkStorage(client, bucket, settings.run.manifestAccess);
  const rekognition = createRekognitionClient(aws, trainer);
  const training = await checkTrainer(rekognition, hourlyRates, () => callerAccount(aws));
  return [...identity, ...storage, ...training];
}

async function temporalChecks(environment: TemporalEnvironment): Promise<Check[]> {
  const { address, namespace, connectionOptions } = temporalTarget(environment);
  // Connected lazily, so that an unreachable server is one line among others.
  const { connection, close } = openConnection(connectionOptions);
  try {
    const temporal = new Client({ connection, namespace });
    return await checkTemporal(temporal, address, TEMPORAL_DEADLINE_MS);
  } finally {
    await close();
  }
}

function line({ check, status, detail, remedy }: Check): string {
  const todo = remedy && status !== 'ok' ? `\n${' '.repeat(28)}→ ${remedy}` : '';
  return `${status.padEnd(8)} ${check.padEnd(18)} ${detail}${todo}`;
}
