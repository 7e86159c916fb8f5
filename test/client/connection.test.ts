import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { openConnection } from '../../src/client/connection.js';

/** Nothing listens there, so each call is retried. */
const AWAY = { address: '127.0.0.1:9' };
const CLOSED = { code: 1, details: 'The connection to Temporal was closed.' };

describe('a connection to a Temporal server that does not respond', () => {
  it('is given up at the first attempt if the server refuses it', async () => {
    const { reach, close } = openConnection(AWAY);
    await expect(reach()).rejects.toThrow(/ECONNREFUSED/);
    await close();
  });

  it('is given up after its deadline if the server accepts it and says nothing', async () => {
    const accepted: Socket[] = [];
    const server = createServer((socket) => accepted.push(socket)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { reach, close } = openConnection({ address: `127.0.0.1:${port}`, connectTimeout: '100 ms' });
    await expect(reach()).rejects.toThrow(/before the deadline/);
    await close();
    expect(accepted).not.toEqual([]);
    for (const socket of accepted) socket.destroy();
    server.close();
  });

  it('fails the calls in flight when it is closed', async () => {
    const { connection, close } = openConnection(AWAY);
    const calls = [1, 2].map(() => connection.workflowService.getSystemInfo({}));
    const ended = Promise.allSettled(calls);
    await close();
    for (const call of await ended) {
      expect(call).toMatchObject({ status: 'rejected', reason: CLOSED });
    }
  });

  it('fails calls after it was closed', async () => {
    const { connection, close } = openConnection(AWAY);
    await close();
    await expect(connection.workflowService.getSystemInfo({})).rejects.toMatchObject(CLOSED);
  });
});
