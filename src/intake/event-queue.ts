import { DeleteMessageCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type AwsAccess, awsClientConfig } from '../lib/aws-access.js';

/** Long polling: SQS answers at once when there is something, else after this. */
const WAIT_SECS = 20;
const MESSAGES_A_REQUEST = 10;

export function createSqsClient(aws: AwsAccess): SQSClient {
  return new SQSClient(awsClientConfig(aws, aws.endpoints.sqs));
}

/** A queue that S3 sends its events to. */
export class EventQueue {
  constructor(
    private readonly client: SQSClient,
    private readonly url: string,
  ) {}

  /** Waits for messages up to 20 seconds; each comes again after the queue's visibility timeout unless removed. */
  async receive(signal: AbortSignal): Promise<Message[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl: this.url,
      WaitTimeSeconds: WAIT_SECS,
      MaxNumberOfMessages: MESSAGES_A_REQUEST,
    });
    const { Messages = [] } = await this.client.send(command, { abortSignal: signal });
    return Messages;
  }

  async remove({ ReceiptHandle }: Message): Promise<void> {
    await this.client.send(new DeleteMessageCommand({ QueueUrl: this.url, ReceiptHandle }));
  }
}
