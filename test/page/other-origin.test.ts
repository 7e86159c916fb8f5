import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DescribeProjectsCommand, RekognitionClient } from '@aws-sdk/client-rekognition';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client, Connection, WorkflowNotFoundError } from '@temporalio/client';
import type { Browser, Page } from 'playwright-core';
import { byCodePoint } from '../../src/lib/order.js';
import type { StackInfo } from '../../src/local/state.js';
import type { ObjectStore } from '../../src/storage/object-store.js';
import { picture } from '../support/archives.js';
import {
  type Attack,
  readAttacks,
  serveAttackerPage,
  type Target,
  writeAttacks,
} from '../support/attacker-page.js';
import { CHROMIUM, openPage, pageTests, startBrowser } from '../support/browser.js';
import { stopProcess } from '../support/cli.js';
import { LOOPBACK, listeningPorts } from '../support/listening-ports.js';
import { startLocalStack } from '../support/local-stack.js';
import { temporaryHome } from '../support/servers.js';

const MARK_OF_CONTROL = 'control';
/** SeaweedFS's needle: cookie (4 bytes), id (8), size (4), size of the data (4), then the data. */
const NEEDLE = { cookie: 4, id: 8, header: 20 };

(CHROMIUM && process.platform === 'linux' ? describe : describe.skip)(
  pageTests('a page of another origin and the local stack (Linux)'),
  () => {
    let home: string;
    let up: ChildProcess;
    let info: StackInfo;
    let store: ObjectStore;
    let connection: Connection;
    let workflows: Client['workflow'];
    let rekognition: RekognitionClient;
    let attacker: Awaited<ReturnType<typeof serveAttackerPage>>;
    let browser: Browser;
    let page: Page;

    beforeAll(async () => {
      ({ home } = await temporaryHome());
      ({ child: up, info, store } = await startLocalStack({ CURATOR_HOME: home }));
      connection = await Connection.connect({ address: info.temporal.address });
      workflows = new Client({ connection }).workflow;
      const { accessKeyId, secretAccessKey, region } = info.s3;
      const credentials = { accessKeyId, secretAccessKey };
      rekognition = new RekognitionClient({ region, credentials, endpoint: info.rekognition.endpoint });
      attacker = await serveAttackerPage();
      browser = await startBrowser();
      ({ page } = await openPage(browser));
      await page.goto(attacker.url);
    });
    afterAll(async () => {
      await browser?.close();
      await attacker?.stop();
      rekognition?.destroy();
      await connection?.close();
      await stopProcess(up);
      rmSync(home, { recursive: true, force: true });
    });

    const readable = async (origin: string, attacks: readonly Attack[]) =>
      await page.evaluate<string[]>(`readable(${JSON.stringify(origin)}, ${JSON.stringify(attacks)})`);
    const send = async (origin: string, attacks: readonly Attack[]) =>
      await page.evaluate<undefined>(`send(${JSON.stringify(origin)}, ${JSON.stringify(attacks)})`);

    /** Creates an object and a workflow to attack. */
    async function plantVictims(mark: string): Promise<{ target: Target; photo: Buffer }> {
      const { bucket } = info.s3;
      const photo = await picture(Number(mark), 64, 48);
      const target = { bucket, key: `photos/${mark}.jpg`, workflowId: `victim-${mark}`, mark };
      await store.put(bucket, target.key, photo);
      await workflows.start('victim', { taskQueue: 'nobody', workflowId: target.workflowId });
      return { target: { ...target, fileId: fileIdOf(photo) }, photo };
    }

    /** The id of an object's bytes in SeaweedFS's volume files. */
    function fileIdOf(content: Buffer): string {
      const folder = join(home, 's3');
      for (const file of readdirSync(folder).filter((name) => name.endsWith('.dat'))) {
        const bytes = readFileSync(join(folder, file));
        const start = bytes.indexOf(content) - NEEDLE.header;
        if (start < 0) continue;
        const [cookie, id] = [
          bytes.subarray(start, start + NEEDLE.cookie),
          bytes.subarray(start + NEEDLE.cookie, start + NEEDLE.cookie + NEEDLE.id),
        ];
        const volume = /(\d+)\.dat$/.exec(file)?.[1];
        return `${volume},${id.toString('hex').replace(/^(00)+/, '')}${cookie.toString('hex')}`;
      }
      throw new Error('No volume file contains the object.');
    }

    /** What a page may not change, as its owner sees it. */
    async function stateOf({ bucket, key, workflowId, mark }: Target) {
      const keys: string[] = [];
      for await (const object of store.list(bucket, '')) keys.push(object.key);
      const bytes = await store.getBytes(bucket, key).catch(() => undefined);
      const { status, historyLength } = await workflows.getHandle(workflowId).describe();
      const planted = await workflows
        .getHandle(`planted-${mark}`)
        .describe()
        .catch((error: unknown) => {
          if (error instanceof WorkflowNotFoundError) return undefined;
          throw error;
        });
      const { ProjectDescriptions: projects } = await rekognition.send(new DescribeProjectsCommand({}));
      return {
        ...{
          keys: keys.sort(byCodePoint),
          photo: bytes?.toString('hex'),
          workflow: status.name,
          historyLength,
        },
        ...{ planted: planted?.status.name, projects },
      };
    }

    it('reaches servers that let other origins in, so that the following tests are not empty', async () => {
      const received: string[] = [];
      const open = await openServer((line) => received.push(line));
      const target = { bucket: 'b', key: 'k.jpg', fileId: '1,2', workflowId: 'w', mark: MARK_OF_CONTROL };
      const { port } = open.address() as AddressInfo;
      const origin = `http://127.0.0.1:${port}`;
      const reads = readAttacks(target);
      expect(await readable(origin, reads)).toEqual(reads.map(({ path }) => path));
      await send(origin, writeAttacks(target));
      for (const { method = 'GET', path } of writeAttacks(target))
        expect(received).toContain(`${method} ${path}`);
      open.close();
      open.closeAllConnections();
    });

    it('finds the ports of every server of the stack, all on loopback', () => {
      const ports = listeningPorts(up.pid ?? 0);
      const urls = [info.temporal.ui, info.s3.endpoint, info.rekognition.endpoint, info.endpoint.url];
      const known = [...urls, `http://${info.temporal.address}`].map((url) => Number(new URL(url).port));
      expect(ports.map(({ port }) => port)).toEqual(expect.arrayContaining(known));
      expect(ports.length).toBeGreaterThan(known.length);
      expect(ports.filter(({ address }) => address !== LOOPBACK)).toEqual([]);
    });

    it('cannot read data or change anything on any port', async () => {
      const damage: string[] = [];
      for (const { port, process } of listeningPorts(up.pid ?? 0)) {
        const { target, photo } = await plantVictims(String(port));
        const before = await stateOf(target);
        expect(before).toMatchObject({ photo: photo.toString('hex'), workflow: 'RUNNING' });
        const origin = `http://127.0.0.1:${port}`;
        const found = await readable(origin, readAttacks(target));
        if (found.length > 0) damage.push(`${process}, port ${port}: can read ${found.join(' ')}`);
        await send(origin, writeAttacks(target));
        const after = await stateOf(target);
        const changed = Object.entries(after).filter(
          ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name as keyof typeof before]),
        );
        if (changed.length > 0) {
          damage.push(`${process}, port ${port}: can change ${changed.map(([name]) => name).join(', ')}`);
        }
      }
      expect(damage).toEqual([]);
    });
  },
);

/** A server that answers every origin and request with an image. */
async function openServer(onRequest: (line: string) => void): Promise<Server> {
  const image = await picture(1, 16, 16);
  const server = createServer((request, response) => {
    onRequest(`${request.method} ${request.url}`);
    response
      .writeHead(200, {
        'content-type': 'image/jpeg',
        'access-control-allow-origin': '*',
        'access-control-allow-methods': '*',
        'access-control-allow-headers': '*',
      })
      .end(image);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return server;
}
