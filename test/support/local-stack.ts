import type { ChildProcess } from 'node:child_process';
import type { StackInfo } from '../../src/local/state.js';
import { createS3Client } from '../../src/storage/client.js';
import { ObjectStore } from '../../src/storage/object-store.js';
import { awsOf } from './aws.js';
import { startReady } from './cli.js';

/** The local stack as `curator up` starts it. */
export interface LocalStack {
  readonly child: ChildProcess;
  readonly info: StackInfo;
  /** The S3 storage of the stack. */
  readonly store: ObjectStore;
}

/** Starts `curator up` as a process. `env` must contain CURATOR_HOME. */
export async function startLocalStack(env: Readonly<Record<string, string>>): Promise<LocalStack> {
  const { child, ready } = await startReady(['up', '--json'], env);
  const info = ready as StackInfo;
  const { region, endpoint, accessKeyId, secretAccessKey } = info.s3;
  const store = new ObjectStore(
    createS3Client(
      awsOf({
        AWS_REGION: region,
        AWS_ENDPOINT_URL_S3: endpoint,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
      }),
    ),
  );
  return { child, info, store };
}
