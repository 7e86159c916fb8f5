import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { noopMetricMeter } from '@temporalio/common';
import { createCloseRun } from '../../src/activities/close-run.js';
import { createMetrics } from '../../src/activities/metrics/metrics.js';
import type { Progress } from '../../src/contracts/workflow-io.js';
import { versionKey } from '../../src/dataset/model/layout.js';
import { createS3Client } from '../../src/storage/client.js';
import { ObjectStore } from '../../src/storage/object-store.js';
import { awsOf } from '../support/aws.js';
import { useCommands } from '../support/commands.js';
import { startTestSeaweedFs, type TestS3 } from '../support/servers.js';

const VERSION = '0123456789abcdef';
const PAGE = '<!DOCTYPE html><title>skin</title>';

/** Temporal is unavailable in these tests, so that the run recorded in status.json is used. */
describe('curator report', () => {
  const cli = useCommands();
  let s3: TestS3;
  let store: ObjectStore;
  let folder: string;
  let env: Record<string, string>;

  beforeAll(async () => {
    s3 = await startTestSeaweedFs();
    store = new ObjectStore(createS3Client(awsOf(s3.env)));
    folder = mkdtempSync(join(tmpdir(), 'curator-report-'));
    env = { ...s3.env, CURATOR_HOME: folder, TEMPORAL_ADDRESS: '127.0.0.1:1' };
    await store.put(s3.bucket, versionKey('skin', VERSION, 'report.html'), PAGE);
    await ended('skin', VERSION);
    await ended('unread', null);
  });
  afterAll(async () => {
    await s3?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function ended(dataset: string, version: string | null): Promise<void> {
    const upload = { bucket: s3.bucket, key: `landing/${dataset}/x/a.zip`, etag: '"e"', bytes: 1 };
    const run = { dataset, upload, workflowId: `ingest/${dataset}`, runId: 'r' };
    const progress: Progress = {
      ...{ stage: 'failed', ...run, version },
      ...{
        images: { done: 0, total: 0, rejected: 0 },
        stages: [],
        training: null,
        approval: null,
        result: null,
      },
    };
    await createCloseRun({ store, metrics: createMetrics(noopMetricMeter) })({ run, progress });
  }

  it('says with --model that a dataset without a model has no report of one', async () => {
    const { code, stderr } = await cli(['report', 'skin', '--model'], env);
    expect(code).toBe(1);
    expect(stderr).toContain('skin has no model: ingest the dataset first.');
  });

  it('downloads the report of the latest run to a file and opens it with --open', async () => {
    const opened = join(folder, 'opened');
    const browser = join(folder, 'browser.sh');
    writeFileSync(
      browser,
      `#!/bin/sh\nprintf '%s' "$1" > '${opened}.part' && mv '${opened}.part' '${opened}'\n`,
    );
    chmodSync(browser, 0o755);
    const out = join(folder, 'skin.html');
    const { code, stdout } = await cli(['report', 'skin', '--out', out, '--open', '--json'], {
      ...env,
      BROWSER: browser,
    });
    expect(code).toBe(0);
    const key = versionKey('skin', VERSION, 'report.html');
    expect(JSON.parse(stdout)).toEqual({
      dataset: 'skin',
      version: VERSION,
      key,
      file: out,
      bytes: PAGE.length,
    });
    expect(readFileSync(out, 'utf8')).toBe(PAGE);
    await appears(opened);
    expect(readFileSync(opened, 'utf8')).toContain(out);
  });

  it('explains why a run has no report, and refuses an invalid dataset name', async () => {
    const unread = await cli(['report', 'unread'], env);
    expect([unread.code, unread.stderr]).toEqual([1, expect.stringMatching(/unread has no report/)]);
    const wrong = await cli(['report', '../etc'], env);
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringMatching(/is not a valid dataset name/)]);
  });

  async function appears(path: string): Promise<void> {
    const watcher = watch(folder);
    try {
      await new Promise<void>((resolve) => {
        const look = () => {
          if (existsSync(path)) resolve();
        };
        watcher.on('change', look);
        look();
      });
    } finally {
      watcher.close();
    }
  }
});
