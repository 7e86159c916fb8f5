import { type Command, InvalidArgumentError } from 'commander';
import { SWEEP_SCHEDULE_ID } from '../../contracts/workflow-io.js';
import { helpEnd } from '../output/exit-codes.js';
import { readServiceConfiguration, withClient } from '../services.js';

/** The commands that start what was put into the bucket: by S3's events, and by looking. */
export function registerEvents(program: Command): void {
  program
    .command('events')
    .description(
      'read S3 events from an SQS queue and start what they name, until SIGINT or SIGTERM; prints {"ready":true}, then a line of JSON an event',
    )
    .requiredOption('--queue <url>', 'the queue that the bucket sends its events to', parseUrl)
    .addHelpText(
      'after',
      helpEnd('curator events --queue https://sqs.us-east-1.amazonaws.com/123456789012/curator'),
    )
    .action(events);
  program
    .command('sweep')
    .description('look now for uploads that nobody told of; workers do it every 5 minutes')
    .option('--every <time>', 'change how often workers do it, such as 30m', parseEvery)
    .option('--json', 'print one JSON document: {schedule, every}; every is null where it stays as it was')
    .addHelpText('after', helpEnd('curator sweep --every 30m'))
    .action(sweep);
}

async function events({ queue }: { queue: string }): Promise<void> {
  const [{ Intake, intakeDefaults }, { createSqsClient, EventQueue }, { readQueue }] = await Promise.all([
    import('../../intake/intake.js'),
    import('../../intake/event-queue.js'),
    import('../../intake/read-queue.js'),
  ]);
  const configuration = readServiceConfiguration();
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  await withClient(async (client) => {
    const intake = new Intake(client, intakeDefaults(configuration));
    const print = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
    const log = {
      handled: print,
      problem: (message: string) => process.stderr.write(`${message}\n`),
    };
    print({ ready: true });
    await readQueue(
      new EventQueue(createSqsClient(configuration.environment.aws), queue),
      intake,
      log,
      stop.signal,
    );
  }, configuration.environment);
}

type Every = `${number}${'s' | 'm' | 'h'}`;

async function sweep({ every, json }: { every?: Every; json?: boolean }): Promise<void> {
  await withClient(async (client) => {
    await client.sweep(every);
    const text = json
      ? JSON.stringify({ schedule: SWEEP_SCHEDULE_ID, every: every ?? null })
      : 'The sweep is started. What it starts is shown by: curator list';
    process.stdout.write(`${text}\n`);
  });
}

function parseUrl(text: string): string {
  if (!URL.canParse(text)) throw new InvalidArgumentError('A queue is named by its URL.');
  return text;
}

function parseEvery(text: string): Every {
  if (!/^[1-9]\d*[smh]$/.test(text)) throw new InvalidArgumentError('A time is such as 90s, 30m or 2h.');
  return text as Every;
}
