import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { resolveBinary } from '../../src/local/binaries.js';
import { freePort } from '../../src/local/ports.js';
import { type Server, startServer, untilReady } from '../../src/local/processes.js';
import { createS3Client } from '../../src/storage/client.js';
import { ObjectStore } from '../../src/storage/object-store.js';
import { picture } from '../support/archives.js';
import { temporaryHome } from '../support/servers.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BUCKET = 'photos';
const KEY = 'a.jpg';
/** A path of the volume server: volume, then id and cookie of a file. */
const FILE_ID = '/1,0123456789';
/** Each HTTP port of SeaweedFS has a gRPC port that is higher by this number. */
const TWIN = 10_000;

/** SeaweedFS as docker-compose.yml starts it, but on free ports of loopback and in a temporary folder. */
describe('SeaweedFS of docker-compose.yml', () => {
  let home: string;
  let server: Server;
  let store: ObjectStore;
  const ports = { s3: 0, master: 0, filer: 0, volume: 0, admin: 0 };

  beforeAll(async () => {
    const { logs, ...temporary } = await temporaryHome();
    ({ home } = temporary);
    for (const name of ['s3', 'master', 'filer', 'volume', 'admin'] as const) {
      ports[name] = await freePort({ twin: TWIN });
    }
    const compose = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8');
    const listed = (pattern: RegExp) => pattern.exec(compose)?.[1]?.split(', ') ?? [];
    const [shell = '', script = ''] = listed(/^ +entrypoint: \[(.*seaweedfs\.sh, \/entrypoint\.sh)\]$/m);
    const args = listed(/^ +command: \[(mini, .*)\]$/m);
    // Of a repeated flag, SeaweedFS uses the last.
    const own = [`-dir=${home}`, '-ip=127.0.0.1', '-ip.bind=127.0.0.1'];
    const { path } = await resolveBinary('weed');
    const credentials = { accessKeyId: 'composekey', secretAccessKey: 'compose-secret' };
    const log = join(logs, 'seaweedfs.log');
    server = startServer({
      name: 'seaweedfs',
      command: shell,
      args: [
        ...[join(ROOT, script), path, ...args, ...own],
        ...Object.entries(ports).map(([name, port]) => `-${name}.port=${port}`),
      ],
      env: {
        ...{ PATH: process.env.PATH, S3_BUCKET: BUCKET },
        ...{ AWS_ACCESS_KEY_ID: credentials.accessKeyId, AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey },
      },
      log,
    });
    const s3 = `http://127.0.0.1:${ports.s3}`;
    store = new ObjectStore(createS3Client({ region: 'us-east-1', credentials, endpoints: { s3 } }));
    const photo = await picture(1, 64, 48);
    await untilReady({ name: 'seaweedfs', log, server }, async () => {
      return await store.put(BUCKET, KEY, photo).then(
        () => true,
        () => false,
      );
    });
  });
  afterAll(async () => {
    await server?.stop(0);
    await rm(home, { recursive: true, force: true });
  });

  const status = async (name: keyof typeof ports, path: string, method = 'GET') => {
    const answer = await fetch(`http://127.0.0.1:${ports[name]}${path}`, { method });
    return answer.status;
  };

  it('gives and takes objects only by signed requests to its S3 port', async () => {
    const file = `/buckets/${BUCKET}/${KEY}`;
    expect([
      await status('s3', `/${BUCKET}/${KEY}`),
      await status('s3', `/${BUCKET}/${KEY}`, 'DELETE'),
    ]).toEqual([403, 403]);
    expect([await status('filer', `/buckets/${BUCKET}/`), await status('filer', file, 'DELETE')]).toEqual([
      404, 404,
    ]);
    expect([
      await status('master', '/dir/status'),
      await status('master', `/col/delete?collection=${BUCKET}`),
    ]).toEqual([404, 404]);
    expect([await status('volume', FILE_ID), await status('volume', FILE_ID, 'DELETE')]).toEqual([401, 401]);
    expect((await store.head(BUCKET, KEY))?.bytes).toBeGreaterThan(0);
  });
});
