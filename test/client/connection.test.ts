import { describe, expect, it } from '@jest/globals';
import { openConnection } from '../../src/client/connection.js';

/** Nothing listens there, so each call is retried. */
const AWAY = { address: '127.0.0.1:9' };
const CLOSED = { code: 1, details: 'The connection to Temporal was closed.' };

describe('a connection to a Temporal server that does not respond', () => {
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
