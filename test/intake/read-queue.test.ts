import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UnavailableError } from '../../src/client/errors.js';
import { createSqsClient, EventQueue } from '../../src/intake/event-queue.js';
import type { Announced } from '../../src/intake/intake.js';
import { readQueue } from '../../src/intake/read-queue.js';
import type { S3Event } from '../../src/intake/s3-events.js';
import { awsOf } from '../support/aws.js';

const event = (key: string) =>
  JSON.stringify({
    Records: [{ eventName: 'ObjectCreated:Put', s3: { bucket: { name: 'b' }, object: { key } } }],
  });

/**
 * What of SQS's JSON protocol the real SDK needs here; test/long runs the same against a server of somebody else.
 * A message that was received and not deleted stays where it is.
 */
describe('the SQS reader', () => {
  let server: Server;
  let messages: { MessageId: string; Body: string }[];
  let deleted: string[];
  let queue: EventQueue;

  beforeEach(async () => {
    deleted = [];
    server = createServer(async (request, response) => {
      const operation = request.headers['x-amz-target'];
      const body = (await json(request)) as { ReceiptHandle?: string };
      response.setHeader('content-type', 'application/x-amz-json-1.0');
      if (operation === 'AmazonSQS.ReceiveMessage') {
        const Messages = messages.map((message) => ({
          ...message,
          ReceiptHandle: message.MessageId,
          MD5OfBody: createHash('md5').update(message.Body).digest('hex'),
        }));
        messages = [];
        // A queue without messages answers when the poll is over.
        if (Messages.length > 0) response.end(JSON.stringify({ Messages }));
      } else {
        deleted.push(body.ReceiptHandle ?? '');
        response.end('{}');
      }
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/000000000000/curator`;
    const env = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 's' };
    queue = new EventQueue(createSqsClient(awsOf({ ...env, AWS_ENDPOINT_URL_SQS: url })), url);
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  /** Reads until as many events and troubles as there are messages have been told of. */
  async function read(hear: (event: S3Event) => Promise<Announced>) {
    const stop = new AbortController();
    const announced: Announced[] = [];
    const trouble: string[] = [];
    const expected = messages.length;
    const tell = () => {
      if (announced.length + trouble.length >= expected) setImmediate(() => stop.abort());
    };
    const removed = queue.remove.bind(queue);
    const log = {
      announced: (one: Announced) => announced.push(one),
      trouble: (message: string) => {
        trouble.push(message);
        tell();
      },
    };
    const counted = {
      receive: queue.receive.bind(queue),
      remove: async (message: Parameters<typeof removed>[0]) => {
        await removed(message);
        tell();
      },
    };
    await readQueue(counted, { hear }, log, stop.signal);
    return { announced, trouble };
  }

  const started = async ({ keys }: S3Event): Promise<Announced> => ({
    key: keys[0] ?? '',
    outcome: 'started',
    dataset: 'd',
    workflowId: 'ingest/d',
    runId: 'r',
  });

  it('removes a message once its events were heard', async () => {
    messages = [{ MessageId: '1', Body: event('landing/a.zip') }];
    const { announced } = await read(started);
    expect(announced).toEqual([expect.objectContaining({ key: 'landing/a.zip', outcome: 'started' })]);
    expect(deleted).toEqual(['1']);
  });

  it('leaves what it cannot read to the queue, and goes on', async () => {
    messages = [
      { MessageId: 'poison', Body: 'not JSON' },
      { MessageId: 'other', Body: '{"hello":1}' },
      { MessageId: 'good', Body: event('landing/a.zip') },
    ];
    const { trouble } = await read(started);
    expect(trouble).toEqual([
      'Message poison is left to the queue: It is not JSON.',
      expect.stringMatching(/^Message other is left to the queue: This is no S3 notification/),
    ]);
    expect(deleted).toEqual(['good']);
  });

  it('leaves a message where nobody can start its run now', async () => {
    messages = [{ MessageId: '1', Body: event('landing/a.zip') }];
    const { trouble } = await read(async () => {
      throw new UnavailableError('Temporal does not answer: refused');
    });
    expect(trouble).toEqual(['Message 1 is left to the queue: Temporal does not answer: refused']);
    expect(deleted).toEqual([]);
  });
});
