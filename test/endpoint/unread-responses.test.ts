import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { manifestKey, rawKey, versionKey } from '../../src/dataset/model/layout.js';
import { startTestEndpoint, type TestEndpoint } from '../support/endpoint.js';
import { startTestSeaweedFs, type TestS3 } from '../support/servers.js';

const VERSION = '0123456789abcdef';
/** More than the buffers of a connection hold. */
const LARGE = Buffer.alloc(12_000_000, '\xff\xd8\xff\xe0', 'latin1');
const IMAGE = `/datasets/skin/image?key=${encodeURIComponent(rawKey('skin', 'large.jpg'))}`;
const REPORT = `/datasets/skin/report?version=${VERSION}`;
const EXPORT = '/datasets/skin/export?format=coco';
/** More than the endpoint has sockets to S3. */
const CLIENTS = 80;

describe('clients of the endpoint that do not read', () => {
  let s3: TestS3;
  let endpoint: TestEndpoint;
  const sockets: Socket[] = [];
  beforeAll(async () => {
    s3 = await startTestSeaweedFs();
  });
  afterAll(async () => await s3.stop());
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await endpoint.stop();
  });

  async function start(unreadMs?: number): Promise<void> {
    const { env, bucket } = s3;
    endpoint = await startTestEndpoint({ s3: env, bucket }, unreadMs === undefined ? {} : { unreadMs });
    await endpoint.store.put(bucket, rawKey('skin', 'large.jpg'), LARGE, { contentType: 'image/jpeg' });
    await endpoint.store.put(bucket, versionKey('skin', VERSION, 'report.html'), LARGE);
    await endpoint.store.put(bucket, versionKey('skin', VERSION, 'validation_report.json'), '{}');
  }

  async function request(path: string, times = 1, header = ''): Promise<Socket> {
    const socket = connect(Number(new URL(endpoint.url).port), '127.0.0.1');
    sockets.push(socket);
    await once(socket, 'connect');
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n${header}\r\n`.repeat(times));
    return socket;
  }

  /** Waits for the beginning of a response, and reads no more. */
  async function begun(socket: Socket): Promise<void> {
    await once(socket, 'readable');
    expect(String(socket.read(15))).toBe('HTTP/1.1 200 OK');
  }

  const others = async () => (await endpoint.call(`/datasets/skin/rejected?version=${VERSION}`)).status;

  it.each([
    ['images', IMAGE],
    ['reports', REPORT],
  ])('do not keep other requests from S3 if they request many %s', async (_, path) => {
    await start();
    const clients = await Promise.all(Array.from({ length: CLIENTS }, () => request(path)));
    await Promise.race(clients.map(begun));
    expect(await others()).toBe(200);
  });

  it('do not keep other requests from S3 after they sent many requests at once and closed their connections', async () => {
    await start();
    for (let n = 0; n < CLIENTS / 16; n++) {
      const socket = await request(IMAGE, 16);
      await begun(socket);
      socket.destroy();
    }
    expect(await others()).toBe(200);
    const answer = await fetch(`${endpoint.url}${IMAGE}`);
    expect((await answer.arrayBuffer()).byteLength).toBe(LARGE.length);
  });

  it('get a problem for too many requests at once on one connection', async () => {
    await start();
    const health = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n';
    const socket = await request(IMAGE, 1, `\r\n${`${health}\r\n`.repeat(39)}${health}Connection: close\r\n`);
    const received = (await buffer(socket)).toString('latin1');
    expect(received.match(/HTTP\/1\.1 200/g)).toHaveLength(16);
    expect(received.match(/HTTP\/1\.1 429/g)).toHaveLength(25);
    expect(received).toContain(
      'A connection may have at most 16 requests at once. Wait for their responses.',
    );
  });

  it('get 503 for an export while three others are being sent', async () => {
    await start();
    const { bucket } = s3;
    const image = { path: 'large.jpg', key: rawKey('skin', 'large.jpg'), split: 'train', photo: 'p' };
    const size = { sourceSha256: 'a'.repeat(64), width: 96, height: 80, boxes: [] };
    const report = JSON.stringify({ lineage: { datasetVersion: VERSION } });
    const { store } = endpoint;
    await store.put(bucket, manifestKey('skin', 'validation_report.json'), report);
    await store.put(bucket, versionKey('skin', VERSION, 'labels.json'), '[]');
    await store.put(
      bucket,
      versionKey('skin', VERSION, 'images.jsonl'),
      JSON.stringify({ ...image, ...size }),
    );
    const clients = [await request(EXPORT), await request(EXPORT), await request(EXPORT)];
    await Promise.all(clients.map(begun));
    expect(await endpoint.call(EXPORT)).toMatchObject({
      status: 503,
      body: { detail: '3 exports are being sent already. Try again once one has ended.' },
    });
    for (const client of clients) client.destroy();
    const zip = await buffer(await request(EXPORT, 1, 'Connection: close\r\n'));
    expect(zip.length).toBeGreaterThan(LARGE.length);
  });

  it.each([
    ['an image', IMAGE],
    ['a report', REPORT],
  ])('are disconnected if they read nothing of %s', async (_, path) => {
    await start(300);
    const socket = await request(path);
    await begun(socket);
    socket.on('error', () => {});
    while (await connections()) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await connections()).toBe(0);
  });

  it('stay connected while a stream has nothing to send', async () => {
    await start(300);
    const stream = await request('/datasets/skin/events');
    expect(String(await once(stream, 'data'))).toContain('text/event-stream');
    const unread = await request(IMAGE);
    await begun(unread);
    // Begun later than the stream, so that the stream waits for longer when it is closed.
    while ((await connections()) > 1) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await connections()).toBe(1);
  });

  const connections = async () =>
    await new Promise<number>((resolve) =>
      endpoint.app.server.getConnections((_error, count) => resolve(count)),
    );
});
