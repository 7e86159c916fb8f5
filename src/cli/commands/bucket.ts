import type { Command } from 'commander';
import { requireBucket } from '../../config/environment.js';
import { type BucketStep, setupBucket } from '../../storage/bucket.js';
import { createS3Client } from '../../storage/client.js';
import { helpEnd } from '../output/exit-codes.js';
import { printLine } from '../output/terminal.js';
import { readServiceConfiguration } from '../services.js';

export function registerBucket(program: Command): void {
  program
    .command('bucket')
    .description('manage the bucket that holds the datasets')
    .command('setup')
    .description('create or check the bucket; can be repeated safely')
    .option(
      '--manifest-access <access>',
      'private, or acl to allow public manifests (default: MANIFEST_ACCESS)',
    )
    .option(
      '--block-public-access',
      'make everything private, also if the bucket may have public readers now',
    )
    .option('--json', 'print the steps as JSON')
    .addHelpText(
      'after',
      `\nBUCKET is the name of the bucket and AWS_REGION its region. CURATOR_CORS_ORIGINS\nprepares it for uploads from pages of these origins.\n${helpEnd('BUCKET=dermavision-offline curator bucket setup')}`,
    )
    .action(setup);
}

async function setup({
  json,
  manifestAccess,
  blockPublicAccess = false,
}: {
  json?: boolean;
  manifestAccess?: string;
  blockPublicAccess?: boolean;
}): Promise<void> {
  const flags = manifestAccess === undefined ? {} : { manifestAccess };
  const { environment, settings } = readServiceConfiguration(flags);
  const client = createS3Client(environment.aws);
  const steps = await setupBucket(client, {
    bucket: requireBucket(environment),
    manifestAccess: settings.run.manifestAccess,
    origins: environment.endpoint.corsOrigins,
    blockPublicAccess,
  });
  const line = ({ step, status, detail }: BucketStep) =>
    `${status.padEnd(11)} ${step}${detail ? `: ${detail}` : ''}`;
  printLine(json ? JSON.stringify(steps) : steps.map(line).join('\n'));
}
