import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UnavailableError } from '../../src/client/errors.js';
import { createSqsClient, EventQueue } from '../../src/intake/event-queue.js';
import type { IntakeResult } from '../../src/intake/intake.js';
import { readQueue } from '../../src/intake/read-queue.js';
import type { S3Event } from '../../src/intake/s3-events.js';
import { awsOf } from '../support/aws.js';

const event = (key: string) =>
  JSON.stringify({
    Records: [{ eventName: 'ObjectCreated:Put', s3: { bucket: { name: 'b' }, object: { key } } }],
  });

/**
 * The part of SQS's JSON protocol that the SDK needs here. test/long runs the reader against a third-party server.
 * A message that was received but not deleted stays in the queue.
 */
describe('readQueue', () => {
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
        // Without messages the response would follow at the end of the long poll.
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

  /** Reads until each message was removed or reported as a problem. */
  async function read(onEvent: (event: S3Event) => Promise<IntakeResult>) {
    const stop = new AbortController();
    const results: IntakeResult[] = [];
    const problems: string[] = [];
    const expected = messages.length;
    const stopWhenDone = () => {
      if (results.length + problems.length >= expected) setImmediate(() => stop.abort());
    };
    const removed = queue.remove.bind(queue);
    const log = {
      handled: (result: IntakeResult) => results.push(result),
      problem: (message: string) => {
        problems.push(message);
        stopWhenDone();
      },
    };
    const counted = {
      receive: queue.receive.bind(queue),
      remove: async (message: Parameters<typeof removed>[0]) => {
        await removed(message);
        stopWhenDone();
      },
    };
    await readQueue(counted, { onEvent }, log, stop.signal);
    return { results, problems };
  }

  const started = async ({ keys }: S3Event): Promise<IntakeResult> => ({
    key: keys[0] ?? '',
    outcome: 'started',
    dataset: 'd',
    workflowId: 'ingest/d',
    runId: 'r',
  });

  it('removes a message once its events have a result', async () => {
    messages = [{ MessageId: '1', Body: event('landing/a.zip') }];
    const { results } = await read(started);
    expect(results).toEqual([expect.objectContaining({ key: 'landing/a.zip', outcome: 'started' })]);
    expect(deleted).toEqual(['1']);
  });

  it('leaves a message that it cannot parse in the queue, and continues with the next', async () => {
    messages = [
      { MessageId: 'poison', Body: 'not JSON' },
      { MessageId: 'other', Body: '{"hello":1}' },
      { MessageId: 'good', Body: event('landing/a.zip') },
    ];
    const { problems } = await read(started);
    expect(problems).toEqual([
      'Message poison stays in the queue: The message is not JSON.',
      expect.stringMatching(/^Message other stays in the queue: This is not an S3 notification/),
    ]);
    expect(deleted).toEqual(['good']);
  });

  it('leaves a message in the queue if its run cannot be started now', async () => {
    messages = [{ MessageId: '1', Body: event('landing/a.zip') }];
    const { problems } = await read(async () => {
      throw new UnavailableError('Temporal does not respond: refused');
    });
    expect(problems).toEqual(['Message 1 stays in the queue: Temporal does not respond: refused']);
    expect(deleted).toEqual([]);
  });
});
