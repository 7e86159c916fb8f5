import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSeaweedFs } from '../../src/local/seaweedfs.js';
import { startTemporal } from '../../src/local/temporal-server.js';

/** The bucket that each S3 server has. */
export const BUCKET = 'curator-test';
const REGION = 'us-east-1';
const CREDENTIALS = { accessKeyId: 'TESTKEY', secretAccessKey: 'test-secret' };

export interface TestS3 {
  readonly endpoint: string;
  readonly bucket: string;
  /** Environment variables with which the SDK reaches the server. */
  readonly env: Record<string, string>;
  stop(): Promise<void>;
}

/** Starts SeaweedFS with a bucket, in a temporary folder of `parent` that is removed with it. */
export async function startTestSeaweedFs(parent?: string): Promise<TestS3> {
  const { home, logs } = await temporaryHome(parent);
  const { endpoint, server } = await startSeaweedFs({
    home,
    logs,
    bucket: BUCKET,
    region: REGION,
    credentials: CREDENTIALS,
  });
  return {
    endpoint,
    bucket: BUCKET,
    env: {
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      AWS_ENDPOINT_URL_S3: endpoint,
      BUCKET,
    },
    stop: async () => {
      // Its data is discarded, so an orderly shutdown is unnecessary.
      await server.stop(0);
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Starts Temporal's dev server, in a temporary folder that is removed with it. */
export async function startTestTemporal() {
  const { home, logs } = await temporaryHome();
  const { server, address, namespace, ui } = await startTemporal({ home, logs });
  return {
    address,
    namespace,
    ui,
    stop: async () => {
      await server.stop(2_000);
      await rm(home, { recursive: true, force: true });
    },
  };
}

export async function temporaryHome(parent = tmpdir()): Promise<{ home: string; logs: string }> {
  const home = await mkdtemp(join(parent, 'curator-test-'));
  const logs = join(home, 'logs');
  await mkdir(logs);
  return { home, logs };
}
