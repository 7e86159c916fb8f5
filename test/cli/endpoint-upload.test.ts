import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { abortMultipart, findMultipart, listParts, putPart } from '../../src/storage/multipart.js';
import { createPresignClient } from '../../src/storage/presign.js';
import { awsOf } from '../support/aws.js';
import { startCli } from '../support/cli.js';
import { useCommands } from '../support/commands.js';
import { startTestEndpoint, type TestEndpoint } from '../support/endpoint.js';
import { type ProxyRule, startS3Proxy } from '../support/s3-proxy.js';
import { startTestSeaweedFs, startTestTemporal, type TestS3, temporaryHome } from '../support/servers.js';

const PART = 16 * 1024 * 1024;
/** Four parts are sent at once, so the fifth starts when the first of them has been stored. */
const SIZE = 4 * PART + 1000;

describe('an upload of curator ingest --endpoint', () => {
  const cli = useCommands();
  let s3: TestS3;
  let temporal: Awaited<ReturnType<typeof startTestTemporal>>;
  let door: Awaited<ReturnType<typeof startS3Proxy>>;
  let endpoint: TestEndpoint;
  let home: string;
  let sent: number[] = [];
  let onPart: (part: number) => ReturnType<ProxyRule> = () => undefined;

  beforeAll(async () => {
    ({ home } = await temporaryHome());
    s3 = await startTestSeaweedFs();
    temporal = await startTestTemporal();
    door = await startS3Proxy(s3.endpoint, ({ method, part }) => {
      if (method !== 'PUT' || part === undefined) return undefined;
      sent.push(part);
      return onPart(part);
    });
    const publicly = { ...s3.env, CURATOR_PUBLIC_S3_URL: door.endpoint };
    endpoint = await startTestEndpoint(
      { s3: s3.env, bucket: s3.bucket, temporal: temporal.address },
      { presignClient: createPresignClient(awsOf(publicly)) },
    );
  });
  afterAll(async () => {
    await endpoint.stop();
    await door.stop();
    await s3.stop();
    await temporal.stop();
    await rm(home, { recursive: true });
  });

  // The archives are random bytes: only how they are uploaded matters here.
  const flags = () => ['--no-wait', '--upload-anyway', '--endpoint', endpoint.url];
  const ingest = (name: string) => ['ingest', join(home, name), ...flags()];
  const env = () => ({ CURATOR_HOME: home });

  /** Interrupts the command after some parts; returns the upload and the numbers of the parts that S3 has. */
  async function interrupt(name: string, content: Buffer) {
    await writeFile(join(home, name), content);
    const command = startCli(ingest(name), env());
    onPart = (part) => {
      if (part !== 5) return undefined;
      command.kill('SIGINT');
      return { status: 503 };
    };
    const [said, [code]] = await Promise.all([
      command.stderr ? text(command.stderr) : '',
      once(command, 'exit'),
    ]);
    expect(code).toBe(130);
    expect(said).toContain('Repeat the command to resume.');
    const [key = ''] = await keysOf(name);
    const uploadId = (await findMultipart(endpoint.store.client, s3.bucket, key)) ?? '';
    const ref = { bucket: s3.bucket, key, uploadId };
    return { ref, there: (await listParts(endpoint.store.client, ref)).map(({ part }) => part) };
  }

  async function again(name: string) {
    sent = [];
    onPart = () => undefined;
    const { code, stdout, stderr } = await cli(ingest(name), env());
    expect(code === 0 ? stdout : stderr).toContain('Started ingest/');
  }

  /** Keys of the uploads of the archive that were started: request.json is written next to each. */
  async function keysOf(name: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key } of endpoint.store.list(s3.bucket, `landing/${name.replace('.zip', '')}/`)) {
      if (key.endsWith('/request.json')) keys.push(key.replace('request.json', name));
    }
    return keys;
  }

  const isAt = async (key: string, content: Buffer) =>
    (await endpoint.store.getBytes(s3.bucket, key)).equals(content);

  it('a repeated command uploads only the missing parts, to the same bytes', async () => {
    const content = randomBytes(SIZE);
    const { ref, there } = await interrupt('same.zip', content);
    expect(there).not.toEqual([]);
    await again('same.zip');
    expect(sent).toContain(5);
    expect(sent.filter((part) => there.includes(part))).toEqual([]);
    expect(await keysOf('same.zip')).toEqual([ref.key]);
    expect(await isAt(ref.key, content)).toBe(true);
  });

  it('a repeated command uploads a part again that S3 does not have completely', async () => {
    const content = randomBytes(SIZE);
    const { ref } = await interrupt('short.zip', content);
    await putPart(endpoint.store.client, ref, 5, randomBytes(10));
    await again('short.zip');
    expect(sent).toContain(5);
    expect(await isAt(ref.key, content)).toBe(true);
  });

  it('the command sends a part again that S3 refused once', async () => {
    const content = randomBytes(SIZE);
    await writeFile(join(home, 'busy.zip'), content);
    sent = [];
    onPart = (part) =>
      part === 3 && sent.filter((one) => one === 3).length === 1 ? { status: 503 } : undefined;
    expect(await cli(ingest('busy.zip'), env())).toMatchObject({ code: 0 });
    expect(sent.sort()).toEqual([1, 2, 3, 3, 4, 5]);
    const [key = ''] = await keysOf('busy.zip');
    expect(await isAt(key, content)).toBe(true);
  });

  it.each([
    ['changed', 'the file has changed'],
    ['gone', 'its parts were removed from the bucket'],
  ])('a repeated command starts a new upload (%s.zip) if %s', async (what) => {
    const name = `${what}.zip`;
    const { ref } = await interrupt(name, randomBytes(SIZE));
    if (what === 'changed') await writeFile(join(home, name), randomBytes(SIZE));
    else await abortMultipart(endpoint.store.client, ref);
    await again(name);
    expect(sent.sort()).toEqual([1, 2, 3, 4, 5]);
    const [key = ''] = (await keysOf(name)).filter((one) => one !== ref.key);
    expect(await isAt(key, await readFile(join(home, name)))).toBe(true);
  });
});
