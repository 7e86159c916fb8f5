import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { freePort } from '../../src/local/ports.js';
import { startCommand } from '../../src/local/processes.js';
import { startTemporal } from '../../src/local/temporal-server.js';
import { createS3Client } from '../../src/storage/client.js';
import { ObjectStore } from '../../src/storage/object-store.js';
import { awsOf } from '../support/aws.js';
import { CLI } from '../support/cli.js';
import { startTestSeaweedFs } from '../support/servers.js';
import { createFakeClock, type FakeClock } from './fake-clock.js';
import { type FaultyProxy, startFaultyProxy } from './faulty-proxy.js';
import { type LimitedDisk, mountLimitedDisk } from './limited-disk.js';

/**
 * Rekognition throttles and fails always, also after a call took effect. A training takes long enough that runs meet
 * several disturbances.
 */
const REKOGNITION = ['--training-time', '12s', '--chaos', 'throttle=0.1,overload=0.03,error=0.05'];

/** The servers of a chaos run. Workers reach S3 through the proxy. */
export interface Services {
  readonly temporal: Client;
  readonly store: ObjectStore;
  readonly bucket: string;
  readonly endpoint: string;
  readonly proxy: FaultyProxy;
  /** The disk of the S3 server; undefined if this machine cannot limit one. */
  readonly disk: LimitedDisk | undefined;
  /** The clock of workers that run with its environment; undefined if this machine cannot change one. */
  readonly clock: FakeClock | undefined;
  readonly workerEnv: NodeJS.ProcessEnv;
  /** Kills Temporal's server and starts it again with the state of its file. */
  restartTemporal(): Promise<void>;
  stop(): Promise<void>;
}

export async function startServices(seed: number): Promise<Services> {
  const home = await mkdtemp(join(tmpdir(), 'curator-chaos-'));
  const logs = join(home, 'logs');
  await mkdir(logs);
  const ends: (() => Promise<unknown>)[] = [() => rm(home, { recursive: true, force: true })];
  const disk = await mountLimitedDisk(join(home, 'disk'));
  if (disk) ends.push(disk.unmount);
  const s3 = await startTestSeaweedFs(disk?.folder);
  ends.push(s3.stop);
  const port = await freePort({});
  const uiPort = await freePort({});
  let server = await startTemporal({ home, logs, port, uiPort });
  ends.push(() => server.server.stop(0));
  const proxy = await startFaultyProxy(s3.endpoint, seed);
  ends.push(proxy.stop);
  const emulatorPort = await freePort({});
  const { PATH, HOME, XDG_CACHE_HOME, CURATOR_CACHE } = process.env;
  const env = {
    ...{ PATH, HOME, XDG_CACHE_HOME, CURATOR_CACHE, ...s3.env, CURATOR_HOME: home, MIN_CLASS_IMAGES: '2' },
    ...{
      TEMPORAL_ADDRESS: server.address,
      AWS_ENDPOINT_URL_REKOGNITION: `http://127.0.0.1:${emulatorPort}`,
    },
  };
  const command = { command: process.execPath, env };
  const emulator = await startCommand({
    ...{ ...command, name: 'emulator', log: join(logs, 'emulator.log') },
    args: [CLI, 'emulate', 'rekognition', '--port', `${emulatorPort}`, ...REKOGNITION],
  });
  ends.push(() => emulator.stop(1_000));
  const endpointPort = await freePort({});
  const endpoint = await startCommand({
    ...{ ...command, name: 'endpoint', log: join(logs, 'endpoint.log') },
    args: [CLI, 'serve', '--port', `${endpointPort}`],
  });
  ends.push(() => endpoint.stop(1_000));
  const connection = await Connection.connect({ address: server.address });
  ends.push(() => connection.close());
  return {
    temporal: new Client({ connection, namespace: server.namespace }),
    ...{ proxy, disk, clock: await createFakeClock(home), bucket: s3.bucket },
    store: new ObjectStore(createS3Client(awsOf(s3.env))),
    endpoint: `http://127.0.0.1:${endpointPort}`,
    workerEnv: { ...env, AWS_ENDPOINT_URL_S3: proxy.endpoint },
    restartTemporal: async () => {
      await server.server.stop(0);
      server = await startTemporal({ home, logs, port, uiPort });
    },
    stop: async () => {
      for (const end of ends.splice(0).reverse()) await end();
    },
  };
}
