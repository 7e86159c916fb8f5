import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { useCommands } from '../support/commands.js';
import { RESULT } from './ingest-result.js';

type Answer = readonly [status: number, body: object];

const DONE: Answer = [
  200,
  {
    stage: 'done',
    result: { dataset: 'one', outcome: 'done', message: 'trained', labels: [], findings: [], uris: {} },
  },
];

/** A fake endpoint that accepts every upload and answers other requests with what the test provides. */
async function startFake(notified: (dataset: string) => Answer, looked: (path: string) => Answer) {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://fake');
    const reply = ([status, body]: Answer) => response.writeHead(status).end(JSON.stringify(body));
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      if (request.method === 'PUT') return void response.end();
      if (url.pathname === '/data-presign') {
        return void reply([200, { url: `http://${request.headers.host}/put`, headers: {}, key: 'k' }]);
      }
      if (url.pathname === '/notify-upload') return void reply(notified(JSON.parse(text).dataset));
      return void reply(looked(url.pathname.slice('/datasets/'.length)));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('curator ingest --endpoint', () => {
  const cli = useCommands();
  let folder: string;
  let server: Server | undefined;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'curator-endpoint-'));
    for (const name of ['one', 'two', 'three']) writeFileSync(join(folder, `${name}.zip`), 'any bytes');
  });
  afterEach(() => {
    server?.close();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const archives = (...names: string[]) => names.map((name) => join(folder, `${name}.zip`));

  it('ingest --endpoint keeps waiting while the endpoint is unavailable', async () => {
    const answers: Answer[] = [[503, { detail: 'Temporal does not respond.' }], DONE];
    const fake = await startFake(
      (dataset) => [202, { workflowId: `ingest/${dataset}`, runId: 'r' }],
      () => answers.shift() ?? DONE,
    );
    ({ server } = fake);
    const { code, stdout, stderr } = await cli([
      'ingest',
      ...archives('one'),
      '--json',
      '--upload-anyway',
      '--endpoint',
      fake.url,
    ]);
    expect(stderr).toContain('Temporal does not respond.');
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'done' });
    expect(code).toBe(0);
  });

  it('ingest --endpoint starts and follows the other archives if one is refused', async () => {
    const fake = await startFake(
      (dataset) =>
        dataset === 'two'
          ? [409, { detail: 'two is already being ingested.' }]
          : [202, { workflowId: `ingest/${dataset}`, runId: 'r' }],
      () => DONE,
    );
    ({ server } = fake);
    const args = [
      'ingest',
      ...archives('one', 'two', 'three'),
      '--json',
      '--upload-anyway',
      '--endpoint',
      fake.url,
    ];
    const { code, stdout, stderr } = await cli(args);
    expect(JSON.parse(stdout)).toMatchObject([
      { outcome: 'done' },
      { dataset: 'two', error: 'two is already being ingested.' },
      { outcome: 'done' },
    ]);
    expect(stderr).toContain('two: two is already being ingested.');
    expect(code).toBe(1);
  });

  it('ingest --endpoint prints what to do next about the model, with the page that does it', async () => {
    const step = {
      ...{ kind: 'use-left-out', title: 'Use the 9 images', reason: 'They are new.' },
      ...{ evidence: 'There are 9.', certainty: 'Not measured.', change: { perClassCap: 9 } },
    };
    const [, done] = DONE as readonly [number, { result: object }];
    const { training, evaluation } = RESULT;
    const trained: Answer = [200, { ...done, result: { ...done.result, training, evaluation } }];
    const fake = await startFake(
      () => [202, { workflowId: 'ingest/one', runId: 'r' }],
      (path) => (path === 'one/models/x-r1/advice' ? [200, { steps: [step], doubts: [] }] : trained),
    );
    ({ server } = fake);
    const args = ['ingest', ...archives('one'), '--json', '--upload-anyway', '--endpoint', fake.url];
    const { nextSteps } = JSON.parse((await cli(args)).stdout) as { nextSteps: object[] };
    expect(nextSteps).toEqual([{ ...step, command: `${fake.url}/#/datasets/one` }]);
  });

  it('ingest --endpoint --no-wait prints the page that shows the run', async () => {
    const fake = await startFake(
      () => [202, { workflowId: 'ingest/one', runId: 'r' }],
      () => DONE,
    );
    ({ server } = fake);
    const { stdout } = await cli([
      'ingest',
      ...archives('one'),
      '--no-wait',
      '--upload-anyway',
      '--endpoint',
      fake.url,
    ]);
    expect(stdout).toBe(`Started ingest/one. Follow it with: ${fake.url}/#/datasets/one\n`);
  });
});
