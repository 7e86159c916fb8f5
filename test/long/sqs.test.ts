import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSqsClient, EventQueue } from '../../src/intake/event-queue.js';
import type { IntakeResult } from '../../src/intake/intake.js';
import { readQueue } from '../../src/intake/read-queue.js';
import type { S3Event } from '../../src/intake/s3-events.js';
import { freePort } from '../../src/local/ports.js';
import { awsOf } from '../support/aws.js';
import { stopProcess } from '../support/cli.js';
import { installPythonClients } from '../support/python-clients.js';

const moto = await installPythonClients(['moto[server]>=5,<6']);
const suite = 'missing' in moto ? describe.skip : describe;
const why = 'missing' in moto ? ` (skipped: ${moto.missing})` : '';
const bin = 'missing' in moto ? '' : moto.bin;
const ATTEMPTS = 2;

suite(`the SQS reader against moto's queues${why}`, () => {
  let server: ChildProcess;
  let client: SQSClient;

  beforeAll(async () => {
    const port = await freePort({});
    server = spawn(join(bin, 'moto_server'), ['-H', '127.0.0.1', '-p', `${port}`], { stdio: 'ignore' });
    const url = `http://127.0.0.1:${port}`;
    while (!(await fetch(url).catch(() => undefined))) await new Promise((done) => setTimeout(done, 100));
    const env = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 's' };
    client = createSqsClient(awsOf({ ...env, AWS_ENDPOINT_URL_SQS: url }));
  });
  afterAll(async () => {
    client?.destroy();
    await stopProcess(server);
    if (!('missing' in moto)) await moto.remove();
  });

  const createQueue = async (QueueName: string, Attributes: Record<string, string> = {}) =>
    (await client.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl ?? '';
  const attributes = async (QueueUrl: string) =>
    (await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))).Attributes ??
    {};
  const event = (key: string) =>
    JSON.stringify({
      Records: [{ eventName: 'ObjectCreated:Put', s3: { bucket: { name: 'b' }, object: { key } } }],
    });

  it('removes processed messages, and leaves invalid ones to the redrive policy', async () => {
    const dead = await createQueue('dead-letters');
    const { QueueArn } = await attributes(dead);
    const url = await createQueue('events', {
      VisibilityTimeout: '1',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: QueueArn, maxReceiveCount: ATTEMPTS }),
    });
    for (const MessageBody of ['poison', event('landing/a+b.zip'), '{"Event":"s3:TestEvent"}']) {
      await client.send(new SendMessageCommand({ QueueUrl: url, MessageBody }));
    }

    const announced: string[] = [];
    const onEvent = async ({ keys: [key = ''] }: S3Event): Promise<IntakeResult> => {
      announced.push(key);
      return { key, outcome: 'ignored', reason: 'of this test' };
    };
    const stop = new AbortController();
    const troubles: string[] = [];
    const log = { handled: () => undefined, problem: (message: string) => troubles.push(message) };
    const reading = readQueue(new EventQueue(client, url), { onEvent }, log, stop.signal);
    const { Messages = [] } = await inDeadLetters(dead);
    stop.abort();
    await reading;

    expect(Messages.map(({ Body }) => Body)).toEqual(['poison']);
    expect(announced).toEqual(['landing/a b.zip']);
    expect(troubles).toHaveLength(ATTEMPTS);
    expect(await attributes(url)).toMatchObject({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
    });
  });

  async function inDeadLetters(QueueUrl: string) {
    for (;;) {
      const answer = await client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
      if (answer.Messages?.length) return answer;
    }
  }
});
