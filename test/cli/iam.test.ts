import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Check } from '../../src/doctor/check.js';
import { roboflowArchive } from '../support/archives.js';
import { startCli, startReady, stopProcess } from '../support/cli.js';
import { useCommands } from '../support/commands.js';
import { createProject } from '../support/emulator.js';
import { type IamServices, startIamServices } from '../support/iam/services.js';

const MEGABYTE = 1024 * 1024;

describe('commands with the permissions that docs/aws.md documents', () => {
  const cli = useCommands();
  const ends: (() => Promise<unknown>)[] = [];
  let services: IamServices;
  beforeAll(async () => {
    services = await startIamServices();
    ends.push(services.stop);
  });
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  const denied = () => services.proxy.judged.filter(({ allowed }) => !allowed);
  const checksOf = async (env: Record<string, string>): Promise<Check[]> => {
    const { stdout } = await cli(['doctor', '--json'], env);
    return JSON.parse(stdout);
  };
  const missingOf = async (env: Record<string, string>) =>
    (await checksOf(env)).filter(({ check, status }) => status === 'missing' && check !== 'worker');

  it('doctor finds no permission missing', async () => {
    expect(await missingOf(await services.env('doctor', 'worker', 'ingest'))).toEqual([]);
    expect(denied()).toEqual([]);
  });

  it('ingest resumes an interrupted upload, and the worker trains', async () => {
    const worker = await startReady(['worker'], await services.env('worker', 'worker'));
    ends.push(() => stopProcess(worker.child));
    const env = await services.env('ingest', 'ingest');
    const zip = join(services.home, 'large.zip');
    const padding = { 'padding.bin': Buffer.alloc(40 * MEGABYTE) };
    await writeFile(zip, await roboflowArchive(20, 2, { others: padding }));
    const args = ['ingest', zip, '--dataset', 'resumed', '--json', '--min-class-images', '2'];
    let requests = 0;
    // The first request opens the upload, the others send parts.
    const isUploading = services.proxy.next(
      ({ action, resource }) => action === 's3:PutObject' && resource.endsWith('.zip') && ++requests === 3,
    );
    const interrupted = startCli(args, env);
    const exited = once(interrupted, 'exit');
    await isUploading;
    interrupted.kill('SIGKILL');
    await exited;
    const { stdout, stderr } = await cli(args, env);
    expect(stderr).not.toMatch(/denied/);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'done' });
    expect(denied()).toEqual([]);
    expect(services.proxy.judged).toContainEqual(
      expect.objectContaining({ caller: 'ingest', action: 's3:ListMultipartUploadParts' }),
    );
  });

  it('delete deletes the dataset, and status and list no longer show it', async () => {
    const env = await services.env('delete', 'delete');
    const asked = await cli(['delete', 'resumed'], env);
    expect(asked).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/use --yes to delete the dataset/),
    });
    const { code, stdout } = await cli(['delete', 'resumed', '--yes'], env);
    expect(stdout).toMatch(
      /^resumed is deleted: \d+ objects, \d+\.\d MB\.\n1 model of the emulator not deleted\.\nTemporal keeps/,
    );
    expect(code).toBe(0);
    expect(denied()).toEqual([]);
    const viewer = await services.env('viewer', 'viewer');
    expect((await cli(['status', 'resumed'], viewer)).stderr).toMatch(/The dataset resumed was deleted\./);
    expect(JSON.parse((await cli(['list', '--json'], viewer)).stdout)).toEqual([]);
    expect((await cli(['delete', 'resumed', '--yes'], env)).stderr).toMatch(/There is no dataset resumed\./);
  });

  it('bucket setup uses every action of its policy, and no other', async () => {
    const setup = services.grants('setup').map((grant) => ({ ...grant, resource: 'arn:aws:s3:::iam-fresh' }));
    const env = {
      ...(await services.envWith('setup', setup)),
      ...{ BUCKET: 'iam-fresh', CURATOR_CORS_ORIGINS: 'https://page.example' },
    };
    const { code, stdout } = await cli(['bucket', 'setup'], env);
    expect(stdout).toMatch(/^done +bucket: iam-fresh in us-east-1$/m);
    expect(code).toBe(0);
    expect((await cli(['bucket', 'setup'], env)).stdout).toMatch(/^already +bucket: iam-fresh$/m);
    expect(denied()).toEqual([]);
    const used = services.proxy.judged.filter(({ caller }) => caller === 'setup').map(({ action }) => action);
    expect(new Set(setup.map(({ action }) => action))).toEqual(new Set(used));
  });

  it('doctor names each action of uploads in parts that a policy lacks', async () => {
    const lacking = [
      's3:ListBucketMultipartUploads',
      's3:ListMultipartUploadParts',
      's3:AbortMultipartUpload',
    ];
    const held = [...services.grants('worker'), ...services.grants('ingest')].filter(
      ({ action }) => !lacking.includes(action),
    );
    const missing = await missingOf(await services.envWith('incomplete', held));
    expect(missing.map(({ check }) => check)).toEqual(['find uploads', 'list parts', 'abort uploads']);
    for (const [index, { detail }] of missing.entries()) {
      expect(detail).toContain(
        `user/incomplete is not authorized to perform: ${lacking[index]} on resource: "arn:`,
      );
      expect(detail).toContain('docs/aws.md');
    }
  });

  it('doctor counts the models of the projects that a restricted policy allows, and says that others exist', async () => {
    for (const name of ['skin', 'skin-P2', 'other']) await createProject(services.emulator.client, name);
    const held = [...services.grants('worker', ['skin']), ...services.grants('ingest')];
    const checks = await checksOf(await services.envWith('restricted', held));
    expect(checks.find(({ check }) => check === 'models')).toMatchObject({
      status: 'ok',
      detail: expect.stringMatching(/^\d projects \(\d not readable with these credentials\), 0 models/),
    });
  });
});
