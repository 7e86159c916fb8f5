import { readFileSync } from 'node:fs';
import type { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import { checkStorage } from '../../src/doctor/storage.js';
import { checkTrainer } from '../../src/doctor/training.js';
import { parseModelArn } from '../../src/models/model-runner.js';
import { setupBucket } from '../../src/storage/bucket.js';
import { picture, roboflowArchive } from '../support/archives.js';
import { ingestInput } from '../support/pipeline.js';
import { useTimeSkipping } from '../support/time-skipping.js';

/** IAM actions of calls whose action has another name (Amazon S3 user guide, "Actions"). */
const S3_ACTIONS: Readonly<Record<string, readonly string[]>> = {
  HeadBucket: ['ListBucket'],
  ListObjectsV2: ['ListBucket'],
  HeadObject: ['GetObject'],
  CopyObject: ['GetObject', 'GetObjectTagging', 'PutObject'],
  CreateMultipartUpload: ['PutObject'],
  UploadPart: ['PutObject'],
  CompleteMultipartUpload: ['PutObject'],
  PutPublicAccessBlock: ['PutBucketPublicAccessBlock'],
  PutBucketCors: ['PutBucketCORS'],
};
/** Actions that Rekognition performs with the caller's rights (developer guide, bucket permissions). */
const SERVICE_ACTIONS = [
  's3:GetBucketAcl',
  's3:GetBucketLocation',
  's3:GetObject',
  's3:GetObjectAcl',
  's3:GetObjectTagging',
  's3:GetObjectVersion',
  's3:ListBucket',
  's3:PutObject',
];
/** Needed only after a failed upload, which this test does not cause. */
const FAILURE_ACTIONS = ['s3:AbortMultipartUpload'];

/** The middleware stacks of the AWS clients differ only in their types. */
type Stack = S3Client['middlewareStack'];

interface Policy {
  readonly Statement: readonly { readonly Action: readonly string[] }[];
}

function documented(name: 'worker' | 'setup'): Set<string> {
  const text = readFileSync(new URL('../../docs/aws.md', import.meta.url), 'utf8');
  const json = text.split(`\`\`\`json ${name}\n`)[1]?.split('```')[0];
  const policy: Policy = JSON.parse(json ?? '');
  return new Set(policy.Statement.flatMap(({ Action }) => Action));
}

describe('documented IAM policy', () => {
  const skipping = useTimeSkipping({ trainingMs: 0 });

  /** Returns the IAM actions that the AWS calls of `work` need. */
  async function actionsOf(work: () => Promise<unknown>): Promise<Set<string>> {
    const actions = new Set<string>();
    const { store, rekognition } = skipping.pipeline();
    const note = (stack: Stack, service: string, table: Readonly<Record<string, readonly string[]>>) =>
      stack.add(
        (next, context) => async (args) => {
          const call = String(context.commandName).replace(/Command$/, '');
          for (const action of table[call] ?? [call]) actions.add(`${service}:${action}`);
          return await next(args);
        },
        { step: 'initialize', name: 'noteAction', override: true },
      );
    note(store.client.middlewareStack, 's3', S3_ACTIONS);
    note(rekognition.middlewareStack as unknown as Stack, 'rekognition', {});
    await work();
    return actions;
  }

  it('of the worker allows exactly the calls of a run, an upload, detect and doctor', async () => {
    const { pipeline: getPipeline, withWorkers, ingest } = skipping;
    const pipeline = getPipeline();
    const { bucket } = pipeline.s3;
    await setupBucket(pipeline.store.client, { bucket, manifestAccess: 'acl' });
    const archive = await roboflowArchive(20);
    const used = await actionsOf(async () => {
      const upload = await pipeline.upload('skin', archive);
      const input = ingestInput('skin', upload, { run: { manifestAccess: 'acl' } });
      const result = await withWorkers(() => ingest(input));
      const model = parseModelArn(result.training?.projectVersionArn ?? '');
      if (!model) throw new Error(result.message);
      const signal = new AbortController().signal;
      await pipeline.deps.models.start(model, signal);
      await pipeline.deps.models.untilRunning(model, signal);
      await pipeline.deps.models.detect(model, await picture(1));
      await pipeline.deps.models.stop(model, signal);
      await pipeline.store.putStream(bucket, 'landing/skin/large/large.zip', [Buffer.alloc(9 * 1024 * 1024)]);
      await checkStorage(pipeline.store.client, bucket, 'acl');
      await checkTrainer(pipeline.rekognition, {}, async () => null);
    });
    const allowed = documented('worker');
    expect([...used].filter((action) => !allowed.has(action))).toEqual([]);
    const needed = new Set([...used, ...SERVICE_ACTIONS, ...FAILURE_ACTIONS]);
    expect([...allowed].filter((action) => !needed.has(action))).toEqual([]);
  });

  it('of the setup allows all calls of `bucket setup`', async () => {
    const { store } = skipping.pipeline();
    const used = await actionsOf(() =>
      setupBucket(store.client, { bucket: 'another-bucket', manifestAccess: 'private' }),
    );
    expect([...used]).toContain('s3:CreateBucket');
    expect([...used].filter((action) => !documented('setup').has(action))).toEqual([]);
  });
});
