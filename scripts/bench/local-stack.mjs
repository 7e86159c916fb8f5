// SeaweedFS, Temporal and the emulator for a measurement, with their data in a folder of its own.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readEnvironment } from '../../dist/config/environment.js';
import { startEmulator } from '../../dist/emulator/emulator.js';
import { startSeaweedFs } from '../../dist/local/seaweedfs.js';
import { startTemporal } from '../../dist/local/temporal-server.js';

export const BUCKET = 'curator-bench';
const CREDENTIALS = { accessKeyId: 'BENCHKEY', secretAccessKey: 'bench-secret' };

/** Settings of a run. Training is not measured: the run is terminated when it waits for approval. */
export const RUN = {
  waitPreprocReadySecs: 600,
  preprocess: 'internal',
  manifestAccess: 'private',
  requireApproval: 'true',
  trainingTimeoutSecs: 3600,
  minF1: null,
  trainingAttempt: 1,
};

/**
 * Starts the servers. Returns the address of Temporal and the environment variables of a worker.
 * @param ends gets the functions that end the servers, to be called in reverse order
 */
export async function startLocalStack(home, ends) {
  const logs = join(home, 'logs');
  await mkdir(logs);
  const server = { home, logs, bucket: BUCKET, region: 'us-east-1', credentials: CREDENTIALS };
  const s3 = await startSeaweedFs(server);
  ends.push(() => s3.server.stop(0));
  const env = {
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_S3: s3.endpoint,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
  };
  const temporal = await startTemporal({ home, logs });
  ends.push(() => temporal.server.stop(2_000));
  // Nothing trains, but the run describes its trainer, which must not be AWS.
  const emulator = await startEmulator({
    port: 0,
    stateFolder: join(home, 'rekognition'),
    trainingMs: 0,
    aws: readEnvironment(env).aws,
  });
  ends.push(() => emulator.stop());
  const { address, namespace } = temporal;
  return { address, namespace, env: { ...env, AWS_ENDPOINT_URL_REKOGNITION: emulator.endpoint } };
}
