import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import type { Command } from 'commander';
import { bucketOf, definedOf } from '../../config/environment.js';
import { readSettings } from '../../config/read-settings.js';
import { type Check, checked } from '../../doctor/check.js';
import { checkStorage } from '../../doctor/storage.js';
import { checkTemporal } from '../../doctor/temporal.js';
import { checkTrainer } from '../../doctor/training.js';
import { createS3Client } from '../../storage/client.js';
import { createRekognitionClient } from '../../training/client.js';
import { EXIT, helpEnd } from '../output/exit-codes.js';
import { servicesEnv } from '../services.js';

const TEMPORAL_DEADLINE_MS = 5_000;

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check credentials, bucket, Rekognition, Temporal and worker, without paying for anything')
    .option('--json', 'print the checks as a JSON list')
    .addHelpText(
      'after',
      helpEnd(
        'BUCKET=dermavision-offline curator doctor',
        '\nExit codes: 0 nothing is missing, 1 something is, 2 wrong usage.',
      ),
    )
    .action(doctor);
}

async function doctor({ json }: { json?: boolean }): Promise<void> {
  const env = servicesEnv(process.env);
  const checks = [
    await checked('settings', 'mend the variables that are named', async () => {
      readSettings({}, env);
      return 'all within their ranges';
    }),
    ...(await storageChecks(env)),
    ...(await checkTrainer(createRekognitionClient(env), env)),
    ...(await temporalChecks(env)),
  ];
  process.stdout.write(`${json ? JSON.stringify(checks) : checks.map(line).join('\n')}\n`);
  if (checks.some(({ status }) => status === 'missing')) process.exitCode = EXIT.failed;
}

async function storageChecks(env: NodeJS.ProcessEnv): Promise<Check[]> {
  const named = await checked('BUCKET', 'name the bucket that datasets live in', async () => bucketOf(env));
  if (named.status === 'missing') return [named];
  const manifestAccess = env.MANIFEST_ACCESS === 'acl' ? 'acl' : 'private';
  return await checkStorage(createS3Client(env), bucketOf(env), manifestAccess);
}

async function temporalChecks(env: NodeJS.ProcessEnv): Promise<Check[]> {
  const config = loadClientConnectConfig({ overrideEnvVars: definedOf(env) });
  const { address = '127.0.0.1:7233' } = config.connectionOptions;
  // Lazily, so that a server that is away is a line among others.
  const connection = Connection.lazy(config.connectionOptions);
  try {
    const temporal = new Client({ connection, namespace: config.namespace ?? 'default' });
    return await checkTemporal(temporal, address, TEMPORAL_DEADLINE_MS);
  } finally {
    await connection.close();
  }
}

function line({ check, status, detail, remedy }: Check): string {
  const todo = remedy && status !== 'ok' ? `\n${' '.repeat(28)}→ ${remedy}` : '';
  return `${status.padEnd(8)} ${check.padEnd(18)} ${detail}${todo}`;
}
