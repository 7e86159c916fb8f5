import type { Command } from 'commander';
import { requireBucket } from '../../config/environment.js';
import { type BucketStep, setupBucket } from '../../storage/bucket.js';
import { createS3Client } from '../../storage/client.js';
import { helpEnd } from '../output/exit-codes.js';
import { readServiceConfiguration } from '../services.js';

export function registerBucket(program: Command): void {
  program
    .command('bucket')
    .description('manage the bucket that holds the datasets')
    .command('setup')
    .description('create or check the bucket; can be repeated safely')
    .option(
      '--block-public-access',
      'make everything private, also if the bucket may have public readers now',
    )
    .option('--json', 'print the steps as JSON')
    .addHelpText(
      'after',
      `\nBUCKET is the name of the bucket and AWS_REGION its region. MANIFEST_ACCESS=acl prepares it for public manifests,\nCURATOR_CORS_ORIGINS for uploads from pages of these origins.\n${helpEnd('BUCKET=dermavision-offline curator bucket setup')}`,
    )
    .action(setup);
}

async function setup({
  json,
  blockPublicAccess = false,
}: {
  json?: boolean;
  blockPublicAccess?: boolean;
}): Promise<void> {
  const { environment, settings } = readServiceConfiguration();
  const client = createS3Client(environment.aws);
  const steps = await setupBucket(client, {
    bucket: requireBucket(environment),
    manifestAccess: settings.run.manifestAccess,
    origins: environment.endpoint.corsOrigins,
    blockPublicAccess,
  });
  const line = ({ step, status, detail }: BucketStep) =>
    `${status.padEnd(11)} ${step}${detail ? `: ${detail}` : ''}`;
  process.stdout.write(`${json ? JSON.stringify(steps) : steps.map(line).join('\n')}\n`);
}
