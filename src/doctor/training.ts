import {
  AccessDeniedException,
  paginateDescribeProjects,
  paginateDescribeProjectVersions,
  type RekognitionClient,
} from '@aws-sdk/client-rekognition';
import type { HourlyRates } from '../config/environment.js';
import { trainerError } from '../training/errors.js';
import { hourlyRate } from '../training/estimate.js';
import { Trainer } from '../training/trainer.js';
import { type Check, checked } from './check.js';

const POLICY = 'check credentials and region, and allow it in the IAM policy (see docs/aws.md)';

/** Checks what training needs from Rekognition. The calls cost nothing. */
export async function checkTrainer(
  client: RekognitionClient,
  set: HourlyRates,
  accountOf: () => Promise<string | null>,
): Promise<Check[]> {
  const rates = await checked('hourly rates', 'set them in US dollars per hour', async () => {
    const [training, inference] = [hourlyRate('training', set), hourlyRate('inference', set)];
    return `US$ ${training.usd.toFixed(2)} training (${training.source}), US$ ${inference.usd.toFixed(2)} running model (${inference.source})`;
  });
  const access = await checked('Rekognition', POLICY, async () => {
    const { kind, account, region } = await new Trainer(client, { account: accountOf }).describe(0);
    const who = kind === 'emulator' ? 'emulator, training is free' : 'AWS, training costs money';
    return [who, ...(account ? [`account ${account}`] : []), region].join(', ');
  });
  if (access.status === 'missing') return [rates, access];
  return [rates, access, ...(await checkUse(client))];
}

interface Use {
  projects: number;
  /** Projects that the credentials in use may not read, if a policy is restricted to others. */
  unreadable: number;
  /** The error for one of these projects. */
  denial?: AccessDeniedException;
  models: number;
  readonly training: string[];
  readonly running: string[];
}

async function checkUse(client: RekognitionClient): Promise<Check[]> {
  const use: Use = { projects: 0, unreadable: 0, models: 0, training: [], running: [] };
  const counted = await checked('models', POLICY, async () => {
    await count(client, use);
    const trainings = `${use.training.length} in training`;
    const hidden = use.unreadable === 0 ? '' : ` (${use.unreadable} not readable with these credentials)`;
    return `${use.projects} projects${hidden}, ${use.models} models, ${trainings}; see the account's limits under Service Quotas, Amazon Rekognition`;
  });
  if (use.running.length === 0) return [counted];
  return [
    counted,
    {
      check: 'running models',
      status: 'warning',
      detail: `each is billed per hour: ${use.running.join(', ')}`,
      remedy: 'stop the models that are not needed, in the Rekognition console or with StopProjectVersion',
    },
  ];
}

async function count(client: RekognitionClient, use: Use): Promise<void> {
  try {
    for await (const { ProjectDescriptions: projects = [] } of paginateDescribeProjects({ client }, {})) {
      for (const { ProjectArn } of projects) await countProject(client, ProjectArn, use);
    }
    // A policy that allows no project lacks the action.
    if (use.denial && use.unreadable === use.projects) throw use.denial;
  } catch (error) {
    throw trainerError(error, 'list models');
  }
}

async function countProject(client: RekognitionClient, arn: string | undefined, use: Use): Promise<void> {
  use.projects += 1;
  try {
    for await (const page of paginateDescribeProjectVersions({ client }, { ProjectArn: arn })) {
      for (const { ProjectVersionArn = '', Status } of page.ProjectVersionDescriptions ?? []) {
        use.models += 1;
        if (Status === 'TRAINING_IN_PROGRESS') use.training.push(ProjectVersionArn);
        if (Status === 'RUNNING' || Status === 'STARTING') use.running.push(ProjectVersionArn);
      }
    }
  } catch (error) {
    if (!(error instanceof AccessDeniedException)) throw error;
    use.unreadable += 1;
    use.denial = error;
  }
}
