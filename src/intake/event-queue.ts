import { DeleteMessageCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type AwsAccess, awsClientConfig } from '../lib/aws-access.js';

/** Long polling: SQS responds as soon as there is a message, or after this time. */
const WAIT_SECS = 20;
const MESSAGES_PER_REQUEST = 10;

export function createSqsClient(aws: AwsAccess): SQSClient {
  return new SQSClient(awsClientConfig(aws, aws.endpoints.sqs));
}

/** An SQS queue that S3 sends its events to. */
export class EventQueue {
  constructor(
    private readonly client: SQSClient,
    private readonly url: string,
  ) {}

  /**
   * Waits up to 20 seconds for messages; returns a maximum of 10. A message that is not removed is delivered again
   * after the queue's visibility timeout.
   */
  async receive(signal: AbortSignal): Promise<Message[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl: this.url,
      WaitTimeSeconds: WAIT_SECS,
      MaxNumberOfMessages: MESSAGES_PER_REQUEST,
    });
    const { Messages = [] } = await this.client.send(command, { abortSignal: signal });
    return Messages;
  }

  /** Deletes a message from the queue. */
  async remove({ ReceiptHandle }: Message): Promise<void> {
    await this.client.send(new DeleteMessageCommand({ QueueUrl: this.url, ReceiptHandle }));
  }
}
