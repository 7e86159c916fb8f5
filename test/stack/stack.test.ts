import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { type IngestResult, type Progress, TASK_QUEUE } from '../../src/contracts/workflow-io.js';
import { freePort } from '../../src/local/ports.js';
import { startTimeOf } from '../../src/local/processes.js';
import type { StackInfo } from '../../src/local/state.js';
import type { ObjectStore } from '../../src/storage/object-store.js';
import { roboflowArchive } from '../support/archives.js';
import { cli, stopProcess } from '../support/cli.js';
import { useCommands } from '../support/commands.js';
import { startLocalStack } from '../support/local-stack.js';
import { exportedMetrics, usedMetrics } from '../support/observability.js';
import { temporaryHome } from '../support/servers.js';

const SMALL = ['--min-class-images', '2'];

describe('the local stack', () => {
  const run = useCommands();
  let home: string;
  let env: Record<string, string>;
  /** Variables that point to a Temporal server of a cloud. */
  let elsewhere: Record<string, string>;
  let metricsAddress: string;
  let up: ChildProcess;
  let info: StackInfo;
  let store: ObjectStore;
  let zip: string;

  beforeAll(async () => {
    ({ home } = await temporaryHome());
    metricsAddress = `127.0.0.1:${await freePort({})}`;
    env = { CURATOR_HOME: home, METRICS_ADDRESS: metricsAddress, LOG_FORMAT: 'json' };
    zip = join(home, 'Face Skin Problems.v1i.coco.zip');
    writeFileSync(zip, await roboflowArchive(24));
    const config = join(home, 'temporal.toml');
    writeFileSync(config, '[profile.default]\naddress = "cloud.example:7233"\n[profile.default.tls]\n');
    elsewhere = {
      TEMPORAL_CONFIG_FILE: config,
      TEMPORAL_API_KEY: 'key-of-another-server',
      TEMPORAL_TLS: 'true',
      TEMPORAL_DEPLOYMENT_NAME: 'curator',
      TEMPORAL_WORKER_BUILD_ID: '7',
    };
    ({ child: up, info, store } = await startLocalStack({ ...env, ...elsewhere }));
  });
  afterAll(async () => {
    await stopProcess(up);
    rmSync(home, { recursive: true, force: true });
  });

  const bytesOf = async (uri: string | null) =>
    await store.getBytes(info.s3.bucket, (uri ?? '').replace(`s3://${info.s3.bucket}/`, ''));
  async function keysUnder(prefix: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const { key } of store.list(info.s3.bucket, prefix)) keys.push(key);
    return keys;
  }
  const processes = (): { name: string; pid: number; started: string }[] =>
    JSON.parse(readFileSync(join(home, 'stack.json'), 'utf8')).processes;

  it('ingests an archive and prints one JSON document to stdout, whatever the environment says of another Temporal server', async () => {
    const { TEMPORAL_CONFIG_FILE: _, ...variables } = elsewhere;
    const { code, stdout } = await cli(['ingest', zip, '--json', ...SMALL], { ...env, ...variables });
    expect(code).toBe(0);
    const result: IngestResult = JSON.parse(stdout);
    expect(result).toMatchObject({
      outcome: 'done',
      dataset: 'face-skin-problems',
      images: { found: 24, used: 24, train: 22, val: 2 },
      training: { trainer: 'emulator' },
    });
    const lines = (await bytesOf(result.uris.train)).toString('utf8').trimEnd().split('\n');
    for (const line of lines) {
      const { 'source-ref': ref } = JSON.parse(line);
      expect((await bytesOf(ref)).subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
    }
  });

  it('returns the existing result for the same archive and starts nothing', async () => {
    const first: IngestResult = JSON.parse((await run(['ingest', zip, '--json', ...SMALL], env)).stdout);
    const again: IngestResult = JSON.parse((await run(['ingest', zip, '--json', ...SMALL], env)).stdout);
    expect(again).toEqual(first);
  });

  it('prints aligned result lines that mark the F1 as a local baseline', async () => {
    const { code, stdout } = await run(['ingest', zip, ...SMALL], env);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^images +24 found, 24 used, 0 rejected$/m);
    expect(stdout).toMatch(/^F1 overall .*LOCAL BASELINE, not measured by Rekognition$/m);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^next /);
  });

  it('refuses an unfit dataset before anything is uploaded, with exit code 1 and what to do', async () => {
    const { code, stdout } = await run(['ingest', zip, '--dataset', 'unfit'], env);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^outcome +refused: No class is found in --min-class-images=40 images\./m);
    expect(stdout).toMatch(/^next +nothing was uploaded; .*--upload-anyway$/m);
    expect(await keysUnder('landing/unfit/')).toEqual([]);
    const { code: listCode, stdout: runs } = await run(['list', '--json'], env);
    expect(listCode).toBe(0);
    expect(runs).not.toContain('unfit');
  });

  it('uploads an unfit dataset if a person asks for it, and its run refuses it with a report', async () => {
    const args = ['ingest', zip, '--dataset', 'anyway', '--upload-anyway', '--json'];
    const { code, stdout } = await run(args, env);
    expect(code).toBe(1);
    const result: IngestResult = JSON.parse(stdout);
    expect(result).toMatchObject({ outcome: 'refused', workflowId: 'ingest/anyway' });
    expect(JSON.parse(String(await bytesOf(result.uris.report)))).toMatchObject({ labels: [] });
  });

  it('exports every metric that alerts and dashboard use, with the figures of the runs', async () => {
    const connection = await Connection.connect({ address: info.temporal.address });
    const { workflow } = new Client({ connection });
    // Workflow tasks fail, since no worker has this workflow.
    const unknown = { taskQueue: TASK_QUEUE, workflowId: 'unknown' };
    const handle = await workflow.start('noSuchWorkflow', unknown);
    const metrics = async () => await (await fetch(`http://${metricsAddress}/metrics`)).text();
    while (!(await metrics()).includes('temporal_workflow_task_execution_failed_total'));
    await handle.terminate();
    await connection.close();

    const exported = await metrics();
    const names = exportedMetrics(exported);
    expect(usedMetrics().filter((name) => !names.includes(name))).toEqual([]);
    const lines = exported.split('\n');
    expect(lines).toContain('curator_images_total{result="preprocessed"} 48');
    expect(lines).toContain('curator_dataset_passes_total{pass="curation",result="refused"} 1');
    expect(lines).toContain('curator_errors_total{error="NoClassLeft",kind="refusal"} 1');
    expect(lines).toContain('curator_trainings_ended_total{outcome="completed"} 1');
    expect(lines).toContain('curator_runs_total{outcome="done"} 1');
  });

  it('names no dataset, file or class in its metrics', async () => {
    const metrics = await (await fetch(`http://${metricsAddress}/metrics`)).text();
    expect(metrics).toContain('curator_runs_total');
    expect(metrics).not.toMatch(/face-skin-problems|anyway|class-\d|photo\d|\.zip/i);
  });

  it('logs JSON with the ids of workflow, run and dataset', () => {
    const lines = readFileSync(join(home, 'logs', 'worker.log'), 'utf8')
      .trimEnd()
      .split('\n');
    const entries = lines.map((line) => JSON.parse(line));
    expect(entries).toContainEqual(
      expect.objectContaining({
        ...{ message: 'Activity failed', activityType: 'convertManifest', level: 'WARN' },
        ...{ dataset: 'anyway', workflowId: 'ingest/anyway', runId: expect.stringMatching(/^[\da-f-]{36}$/) },
        error: expect.objectContaining({ type: 'NoClassLeft' }),
      }),
    );
  });

  it('exits with 3 while approval is pending, and trains after the approval', async () => {
    const name = ['--dataset', 'asked'];
    const asked = await run(['ingest', zip, ...name, ...SMALL, '--require-approval', 'true'], env);
    expect(asked.code).toBe(3);
    expect(asked.stderr).toMatch(/about 0.9 h and cost about US\$ 0.90.*curator approve asked/);
    const waiting = await run(['status', 'asked'], env);
    expect(waiting.code).toBe(3);
    expect(waiting.stdout).toMatch(
      /^asked: awaiting-approval.*\nScores of models trained on this dataset are unreliable\. .*\nTraining would take about 0\.9 h/,
    );
    expect((await run(['approve', 'asked', '--note', 'fine'], env)).code).toBe(0);
    const { stdout } = await run(['ingest', zip, ...name, ...SMALL, '--json'], env);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'done' });
  });

  it('ingests through the HTTP endpoint without S3 or Temporal credentials', async () => {
    const args = ['ingest', zip, '--dataset', 'by-http', '--json', ...SMALL, '--endpoint', info.endpoint.url];
    const { code, stdout } = await run(args);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'done', dataset: 'by-http', images: { used: 24 } });
  });

  it('writes the same bytes if the worker is killed during preprocessing', async () => {
    const archive = join(home, 'larger.zip');
    writeFileSync(archive, await roboflowArchive(160, 3));
    // Only the manifests matter here, so the training is not approved.
    const ingest = (dataset: string, ...args: string[]) =>
      run(['ingest', archive, '--dataset', dataset, '--require-approval', 'true', ...SMALL, ...args], env);
    expect((await ingest('whole')).code).toBe(3);
    expect((await ingest('killed', '--no-wait')).code).toBe(0);
    while ((await store.list(info.s3.bucket, 'datasets/killed/preprocessed/').next()).done);
    const worker = processes().find(({ name }) => name === 'worker');
    process.kill(worker?.pid ?? 0, 'SIGKILL');
    expect((await ingest('killed')).code).toBe(3);
    const manifest = async (dataset: string, name: string) => {
      const bytes = await store.getBytes(info.s3.bucket, `datasets/${dataset}/manifest/${name}`);
      return bytes.toString('utf8').replaceAll(`"${dataset}"`, '""').replaceAll(`/${dataset}/`, '//');
    };
    for (const name of ['train.manifest', 'val.manifest']) {
      expect(await manifest('killed', name)).toBe(await manifest('whole', name));
    }
  });

  it('writes its secret key to no log, history or document', async () => {
    const { secretAccessKey, bucket } = info.s3;
    const logs = readdirSync(join(home, 'logs')).map((name) => join('logs', name));
    const databases = readdirSync(home).filter((name) => name.startsWith('temporal.db'));
    expect([logs.length, databases.length].every((count) => count > 0)).toBe(true);
    const keys = (await keysUnder('')).filter((key) => /\.(json|jsonl|manifest|html)$/.test(key));
    expect(keys.length).toBeGreaterThan(10);
    const leaks = [...logs, ...databases].filter((name) =>
      readFileSync(join(home, name)).includes(secretAccessKey),
    );
    for (const key of keys) {
      if ((await store.getBytes(bucket, key)).includes(secretAccessKey)) leaks.push(key);
    }
    expect(leaks).toEqual([]);
  });

  it('keeps objects and workflows after the stack was killed', async () => {
    const left = processes();
    up.kill('SIGKILL');
    await once(up, 'exit');
    expect(left.some(({ pid, started }) => startTimeOf(pid) === started)).toBe(true);

    ({ child: up, info, store } = await startLocalStack(env));
    expect(left.some(({ pid, started }) => startTimeOf(pid) === started)).toBe(false);
    const progress: Progress = JSON.parse(
      (await run(['status', 'face-skin-problems', '--json'], env)).stdout,
    );
    expect(progress.stage).toBe('done');
    expect((await bytesOf(progress.result?.uris.train ?? null)).length).toBeGreaterThan(0);
  });

  it('refuses a second stack in the same home', async () => {
    const { code, stderr } = await cli(['up'], env);
    expect(code).toBe(1);
    expect(stderr).toMatch(/A stack is running in .* Stop it, or set CURATOR_HOME/);
  });

  it('stops all processes that it started', async () => {
    const running = processes();
    await stopProcess(up);
    expect(running).toHaveLength(5);
    expect(running.filter(({ pid, started }) => startTimeOf(pid) === started)).toEqual([]);
  });
});
