import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Check } from '../../src/doctor/check.js';
import { createS3Client } from '../../src/storage/client.js';
import { ObjectStore } from '../../src/storage/object-store.js';
import { awsOf } from '../support/aws.js';
import { startReady, stopProcess } from '../support/cli.js';
import { useCommands } from '../support/commands.js';
import { createProject, type TestEmulator } from '../support/emulator.js';
import type { TestS3 } from '../support/servers.js';
import { startTestServices } from '../support/services.js';

describe('curator doctor', () => {
  const cli = useCommands();
  const ends: (() => Promise<unknown>)[] = [];
  let s3: TestS3;
  let emulator: TestEmulator;
  let env: Readonly<Record<string, string>>;

  beforeAll(async () => {
    const services = await startTestServices();
    ends.push(services.stop);
    ({ s3, emulator, env } = services);
  });
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  async function doctor(changes: Record<string, string> = {}) {
    const { code, stdout, stderr } = await cli(['doctor', '--json'], { ...env, ...changes });
    expect(stderr).toBe('');
    const checks: Check[] = JSON.parse(stdout);
    return { code, checks, missing: checks.filter(({ status }) => status === 'missing') };
  }

  it('reports a missing worker only until a worker polls', async () => {
    await createProject(emulator.client, 'skin');
    const without = await doctor();
    expect(without.code).toBe(1);
    expect(without.missing).toEqual([
      {
        check: 'worker',
        status: 'missing',
        detail: 'No worker polls the task queue curator, so runs would wait.',
        remedy: 'start one with `curator worker`',
      },
    ]);

    const { child } = await startReady(['worker'], env);
    ends.push(() => stopProcess(child));
    const { code, stdout } = await untilPolled();
    expect(stdout).not.toMatch(/^missing/m);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ok +bucket region +us-east-1$/m);
    expect(stdout).toMatch(/^ok +Rekognition +emulator, training is free, account 000000000000/m);
    expect(stdout).toMatch(/^ok +models +1 projects, 0 models, 0 in training/m);
    expect(stdout).toMatch(/^ok +search attributes /m);
    const polled =
      /^ok +worker +curator and curator-images are polled, last \d+ s ago by \d+@\S+; a stopped/m;
    expect(stdout).toMatch(polled);
  });

  /** The worker says that it is ready before its two queues have been polled. */
  async function untilPolled() {
    for (;;) {
      const found = await cli(['doctor'], env);
      if (!/^missing +worker/m.test(found.stdout)) return found;
    }
  }

  it('says when a worker that was killed has polled last', async () => {
    const { child } = await startReady(['worker'], env);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const { checks } = await doctor();
    const { detail = '' } = checks.find(({ check }) => check === 'worker') ?? {};
    expect(detail).toMatch(/ (\d+) s ago by \d+@/);
  });

  it.each([
    ['AWS_ENDPOINT_URL_S3', 'bucket', '127.0.0.1:9 refuses connections (ECONNREFUSED)'],
    ['AWS_ENDPOINT_URL_REKOGNITION', 'Rekognition', '127.0.0.1:9 refuses connections (ECONNREFUSED)'],
  ])('names the address of a stopped service and %s', async (variable, check, problem) => {
    const { missing } = await doctor({ [variable]: 'http://127.0.0.1:9' });
    expect(missing.find((one) => one.check === check)).toMatchObject({
      detail: expect.stringContaining(problem),
      remedy: `start the server, or check ${variable}`,
    });
  });

  it('names the address of a Temporal server that does not respond, and one that has no such namespace', async () => {
    const of = async (changes: Record<string, string>) =>
      (await doctor(changes)).missing.find(({ check }) => check === 'Temporal');
    expect(await of({ TEMPORAL_ADDRESS: '127.0.0.1:9' })).toMatchObject({
      detail: expect.stringMatching(/^127\.0\.0\.1:9 does not respond: /),
      remedy: 'start Temporal, or check TEMPORAL_ADDRESS',
    });
    expect(await of({ TEMPORAL_NAMESPACE: 'elsewhere' })).toEqual({
      ...{ check: 'Temporal', status: 'missing' },
      detail: `${env.TEMPORAL_ADDRESS} has no namespace elsewhere.`,
      remedy: 'create the namespace, or check TEMPORAL_NAMESPACE',
    });
  });

  it('doctor checks public manifests if curator.config.json sets manifestAccess to acl', async () => {
    const names = ({ checks }: { checks: readonly Check[] }) => checks.map(({ check }) => check);
    expect(names(await doctor())).not.toContain('public manifests');
    const file = join(env.CURATOR_HOME ?? '', 'team.json');
    writeFileSync(file, JSON.stringify({ manifestAccess: 'acl' }));
    expect(names(await doctor({ CURATOR_CONFIG: file }))).toContain('public manifests');
  });

  it('doctor shows once which Node is running and which the AWS SDK requires', async () => {
    const { checks } = await doctor();
    const major = Number.parseInt(process.versions.node, 10);
    expect(checks.filter(({ detail }) => /Node 22|^\d+\.\d+\.\d+$/.test(detail))).toEqual([
      {
        check: 'Node',
        status: major < 22 ? 'warning' : 'ok',
        detail: expect.stringContaining(process.versions.node),
        remedy: major < 22 ? 'install Node 22 or later' : '',
      },
    ]);
  });

  it('doctor leaves no objects and no open uploads in the bucket', async () => {
    await doctor();
    const store = new ObjectStore(createS3Client(awsOf(s3.env)));
    for (const prefix of ['datasets/', 'landing/'])
      for await (const { key } of store.list(s3.bucket, prefix)) throw new Error(`${key} was not removed.`);
    const { Uploads = [] } = await store.client.send(new ListMultipartUploadsCommand({ Bucket: s3.bucket }));
    expect(Uploads).toEqual([]);
  });

  it('names the checks that a wrong secret key fails, and the variable to fix', async () => {
    const { code, missing } = await doctor({ AWS_SECRET_ACCESS_KEY: 'guessed' });
    expect(code).toBe(1);
    const remedies = Object.fromEntries(missing.map(({ check, remedy }) => [check, remedy]));
    expect(remedies.bucket).toBe('check AWS_SECRET_ACCESS_KEY');
    expect(remedies.Rekognition).toBe('check AWS_SECRET_ACCESS_KEY and the clock of this machine');
  });

  it.each([
    [{ BUCKET: 'no-such-bucket' }, 'bucket', /curator bucket setup/],
    [{ AWS_REGION: 'eu-west-1' }, 'bucket region', /AWS_REGION/],
    [{ TEMPORAL_ADDRESS: '127.0.0.1:1' }, 'Temporal', /TEMPORAL_ADDRESS/],
    [{ VAL_SPLIT: '7' }, 'settings', /variables/],
    [{ INFERENCE_HOURLY_RATE_USD: 'four' }, 'settings', /variables/],
  ])('with %j, reports the check "%s" as missing', async (changes, check, remedy) => {
    const { code, missing } = await doctor(changes);
    expect(code).toBe(1);
    expect(missing.find((one) => one.check === check)?.remedy).toMatch(remedy);
  });
});
