import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CreateDatasetCommand } from '@aws-sdk/client-rekognition';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { z } from 'zod';
import type { Check } from '../../src/doctor/check.js';
import { byCodePoint } from '../../src/lib/order.js';
import { freePort } from '../../src/local/ports.js';
import { setupBucket } from '../../src/storage/bucket.js';
import { createS3Client } from '../../src/storage/client.js';
import { ObjectStore } from '../../src/storage/object-store.js';
import { picture, roboflowArchive } from '../support/archives.js';
import { awsOf } from '../support/aws.js';
import { cli, startCli, startReady, stopProcess } from '../support/cli.js';
import { createProject } from '../support/emulator.js';
import {
  covers,
  documentedGrants,
  documentedPolicies,
  type Grant,
  type PolicyName,
} from '../support/iam/policies.js';
import { type IamServices, SOURCE_BUCKET, startIamServices } from '../support/iam/services.js';
import { installPythonClients } from '../support/python-clients.js';

// Several trainings, each by several commands.
jest.setTimeout(400_000);

const SMALL = ['--min-class-images', '2'];
const readySchema = z.object({ url: z.string() });
const presignedSchema = z.object({ key: z.string(), multipart: z.object({ uploadId: z.string() }) });

/** The policies of each caller of this test, as the table in docs/aws.md lists them. */
const CALLERS: Readonly<Record<string, readonly PolicyName[]>> = {
  worker: ['worker'],
  rekognition: ['worker'],
  ingest: ['ingest'],
  serve: ['ingest', 'detect'],
  viewer: ['viewer'],
  detect: ['viewer', 'detect'],
  delete: ['delete'],
};

/** The datasets of this test, whose projects the policies are restricted to. */
const DATASETS = ['file', 'copied', 'resumed', 'by-http', 'by-http-parts'];

/** Grants that no request of this test uses, with the reason why they are needed. */
const UNUSED: Readonly<Record<string, string>> = {
  'worker s3:GetBucketLocation':
    'Rekognition uses it (developer guide, bucket permissions); doctor checks it',
  'worker s3:GetBucketAcl': 'Rekognition uses it (developer guide, bucket permissions); doctor checks it',
  'worker s3:GetObjectAcl': 'Rekognition uses it (developer guide, bucket permissions)',
  'worker s3:GetObjectTagging': 'Rekognition uses it (developer guide, bucket permissions)',
  'worker s3:GetObjectVersion': 'Rekognition uses it (developer guide, bucket permissions)',
  'worker s3:AbortMultipartUpload': 'only after the upload of a large merged COCO file has failed',
  'worker s3:DeleteObject': 'doctor deletes the object that it wrote',
};

describe('every command with the permissions that docs/aws.md documents', () => {
  let services: IamServices;
  let env: Record<string, Record<string, string>>;
  let zip: string;
  let large: string;
  const ends: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    services = await startIamServices({ datasets: DATASETS });
    ends.push(services.stop);
    env = {};
    for (const [caller, policies] of Object.entries(CALLERS))
      env[caller] = await services.env(caller, ...policies);
    const archive = await roboflowArchive(20);
    zip = join(services.home, 'small.zip');
    large = join(services.home, 'large.zip');
    await writeFile(zip, archive);
    const padding = { 'padding.bin': Buffer.alloc(120 * 1024 * 1024) };
    await writeFile(large, await roboflowArchive(22, 2, { others: padding }));
    const client = createS3Client(awsOf(services.s3.env));
    await setupBucket(client, { bucket: services.s3.bucket, manifestAccess: 'acl' });
    await setupBucket(client, { bucket: SOURCE_BUCKET, manifestAccess: 'private' });
    await new ObjectStore(client).put(SOURCE_BUCKET, 'exports/faces.zip', archive);
    const worker = await startReady(['worker'], env.worker ?? {});
    ends.push(() => stopProcess(worker.child));
  });
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });

  const denied = () => services.proxy.judged.filter(({ allowed }) => !allowed);

  /** Runs a command as a caller and expects that it succeeds and nothing was denied. */
  async function run(caller: string, ...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await cli(args, env[caller]);
    expect({ code, stderr, denied: denied() }).toEqual({ code: 0, stderr: expect.any(String), denied: [] });
    return stdout;
  }

  it('ingest trains from a file with public manifests after an approval', async () => {
    const args = ['ingest', zip, '--dataset', 'file', '--manifest-access', 'acl', ...SMALL];
    const asked = await cli([...args, '--require-approval', 'true'], env.ingest);
    expect(asked.code).toBe(3);
    await run('viewer', 'approve', 'file');
    expect(JSON.parse(await run('ingest', ...args, '--json'))).toMatchObject({ outcome: 'done' });
  });

  it('ingest trains from an object of another bucket, beside datasets that the console made', async () => {
    const { client } = services.emulator;
    const ProjectArn = await createProject(client, 'copied');
    await client.send(new CreateDatasetCommand({ ProjectArn, DatasetType: 'TRAIN' }));
    const source = `s3://${SOURCE_BUCKET}/exports/faces.zip`;
    await run('ingest', 'check', source, ...SMALL);
    const done = JSON.parse(await run('ingest', 'ingest', source, '--dataset', 'copied', '--json', ...SMALL));
    expect(done).toMatchObject({ outcome: 'done' });
    expect(done.training.projectVersionArn).toContain(':project/copied-P2/');
    const missing = await cli(['ingest', `s3://${SOURCE_BUCKET}/none.zip`, '--dataset', 'none'], env.ingest);
    expect(missing.stderr).toMatch(/the object does not exist/);
  });

  it('ingest resumes an interrupted upload', async () => {
    const args = ['ingest', large, '--dataset', 'resumed', '--json', ...SMALL];
    let requests = 0;
    // The first request opens the upload, the others send parts.
    const isUploading = services.proxy.next(
      ({ action, resource }) => action === 's3:PutObject' && resource.endsWith('.zip') && ++requests === 5,
    );
    const interrupted = startCli(args, env.ingest ?? {});
    const exited = once(interrupted, 'exit');
    await isUploading;
    interrupted.kill('SIGKILL');
    await exited;
    expect(JSON.parse(await run('ingest', ...args))).toMatchObject({ outcome: 'done' });
  });

  it('serve accepts uploads in one request and in parts, aborts an upload, and reads versions and models', async () => {
    const { child, ready } = await startReady(['serve', '--port', `${await freePort({})}`], env.serve ?? {});
    try {
      const { url } = readySchema.parse(ready);
      for (const [file, dataset] of [
        [zip, 'by-http'],
        [large, 'by-http-parts'],
      ] as const) {
        const args = ['ingest', file, '--dataset', dataset, '--json', ...SMALL, '--endpoint', url];
        const { code, stdout } = await cli(args);
        expect(JSON.parse(stdout)).toMatchObject({ outcome: 'done' });
        expect(code).toBe(0);
      }
      const call = async (path: string, init?: RequestInit) => {
        const response = await fetch(`${url}${path}`, init);
        expect([path, response.ok]).toEqual([path, true]);
        return await response.text();
      };
      const query = 'filename=a.zip&size=200000000&dataset=aborted&multipart=true';
      const { key, multipart } = presignedSchema.parse(JSON.parse(await call(`/data-presign?${query}`)));
      const body = JSON.stringify({ key, uploadId: multipart.uploadId });
      const headers = { 'content-type': 'application/json' };
      await call('/uploads/abort', { method: 'POST', headers, body });
      for (const path of ['/readyz', '/datasets', '/datasets/file', '/datasets/file/models'])
        await call(path);
      const photo = { 'content-type': 'image/jpeg' };
      await call('/datasets/file/detect', {
        ...{ method: 'POST', headers: photo },
        body: new Uint8Array(await picture(1)),
      });
    } finally {
      await stopProcess(child);
    }
    expect(denied()).toEqual([]);
  });

  it('viewers read runs, reports, models and exports', async () => {
    const out = (name: string) => join(services.home, name);
    expect(JSON.parse(await run('viewer', 'list', '--json'))).not.toEqual([]);
    await run('viewer', 'status', 'file', '--json');
    expect(JSON.parse(await run('viewer', 'models', 'file', '--json'))).toHaveLength(1);
    await run('viewer', 'report', 'file', '--out', out('report.html'));
    await run('viewer', 'export', 'file', '--format', 'yolo', '--out', out('yolo.zip'));
  });

  it('detect starts a model, uses it and stops it, and the worker stops one that was left running', async () => {
    const photo = join(services.home, 'photo.jpg');
    await writeFile(photo, await picture(3));
    const args = ['detect', photo, '--model', 'latest', '--dataset', 'copied', '--json'];
    expect(JSON.parse(await run('detect', ...args))).toHaveLength(1);
    const stopped = services.proxy.next(
      ({ caller, action }) => caller === 'worker' && action === 'rekognition:StopProjectVersion',
    );
    await run('detect', ...args, '--stop-after', '1s');
    await stopped;
  });

  it('delete deletes a dataset', async () => {
    await run('delete', 'delete', 'resumed', '--yes');
    expect((await cli(['status', 'resumed'], env.viewer)).stderr).toMatch(
      /The dataset resumed was deleted\./,
    );
  });

  it('no action and no resource of a policy is unused, and no request was unknown', () => {
    const { judged, unknown } = services.proxy;
    expect(unknown).toEqual([]);
    const isNeeded = (grant: Grant) =>
      judged.some((need) => (CALLERS[need.caller] ?? []).includes(grant.policy) && covers(grant, need));
    const policies: PolicyName[] = ['worker', 'ingest', 'viewer', 'detect', 'delete'];
    const grants = policies.flatMap((policy) => documentedGrants(policy, services.replaced));
    const unused = grants
      .filter((grant) => !isNeeded(grant))
      .map(({ policy, action }) => `${policy} ${action}`);
    expect(unused.sort(byCodePoint)).toEqual(Object.keys(UNUSED).sort(byCodePoint));
  });

  it('doctor names the action if a policy allows no existing project', async () => {
    const held = [...services.grants('worker', ['nothing']), ...services.grants('ingest')];
    const { stdout } = await cli(['doctor', '--json'], await services.envWith('restricted', held));
    const checks: Check[] = JSON.parse(stdout);
    expect(checks.find(({ check }) => check === 'models')).toMatchObject({
      status: 'missing',
      detail: expect.stringContaining('is not authorized to perform: rekognition:DescribeProjectVersions'),
    });
  });

  it('a request for a project that the policy does not name is denied', async () => {
    const before = denied().length;
    const { code, stdout } = await cli(
      ['ingest', zip, '--dataset', 'elsewhere', '--json', ...SMALL],
      env.ingest,
    );
    expect(code).toBe(1);
    expect(JSON.parse(stdout).message).toMatch(
      /user\/worker is not authorized to perform: rekognition:DescribeProjectVersions|CreateProjectVersion/,
    );
    expect(denied().length).toBeGreaterThan(before);
  });
});

const linter = await installPythonClients(['parliament>=1.6,<2', 'setuptools<81']);
const suite = 'missing' in linter ? describe.skip : describe;
const why = 'missing' in linter ? ` (skipped: ${linter.missing})` : '';

/** Parliament's data say that CreateProject supports resources; the Service Authorization Reference no longer does. */
const LINT = `
import sys, parliament
findings = parliament.analyze_policy_string(sys.argv[1]).findings
print(*[f for f in findings if not (f.issue == "RESOURCE_STAR" and "CreateProject'" in str(f.detail))], sep="\\n")
`;

suite(`parliament, a linter of IAM policies${why}`, () => {
  afterAll(async () => {
    if (!('missing' in linter)) await linter.remove();
  });

  it('finds no unknown action, resource or condition in the documented policies', async () => {
    const python = 'missing' in linter ? '' : join(linter.bin, 'python');
    const policies = documentedPolicies();
    expect([...policies.keys()]).toEqual([
      ...['worker', 'ingest', 'viewer', 'detect', 'delete', 'setup', 'kms'],
    ]);
    for (const [name, json] of policies) {
      const { stdout } = await promisify(execFile)(python, ['-W', 'ignore', '-c', LINT, json]);
      expect([name, stdout.trim()]).toEqual([name, '']);
    }
  });
});
