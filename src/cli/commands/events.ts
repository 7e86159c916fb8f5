import { type Command, InvalidArgumentError } from 'commander';
import { SWEEP_SCHEDULE_ID } from '../../contracts/workflow-io.js';
import { helpEnd } from '../output/exit-codes.js';
import { refusedLine } from '../output/refused-line.js';
import { printLine, sayLine } from '../output/terminal.js';
import { readServiceConfiguration, withClient } from '../services.js';

/** The commands that start runs for uploads in the bucket: from S3 events and by scanning. */
export function registerEvents(program: Command): void {
  program
    .command('events')
    .description(
      'read S3 events from an SQS queue and start runs for them, until SIGINT or SIGTERM; prints {"ready":true}, then one line of JSON per event',
    )
    .requiredOption('--queue <url>', 'URL of the queue that receives the events of the bucket', parseUrl)
    .addHelpText(
      'after',
      helpEnd('curator events --queue https://sqs.us-east-1.amazonaws.com/123456789012/curator'),
    )
    .action(events);
  program
    .command('sweep')
    .description('scan landing/ for unannounced uploads now; workers do it every 5 minutes')
    .option('--every <time>', 'change the interval of the workers, such as 30m', parseEvery)
    .option(
      '--json',
      'print one JSON document: {schedule, every, refusedUploads}; every is null if it is not changed',
    )
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
    const print = (line: object) => printLine(JSON.stringify(line));
    const log = {
      handled: print,
      problem: sayLine,
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
  const { refusedUploads } = await import('../../intake/refused-uploads.js');
  await withClient(async (client) => {
    await client.sweep(every);
    const refused = await refusedUploads(client.store, client.bucket);
    const lines = json
      ? [JSON.stringify({ schedule: SWEEP_SCHEDULE_ID, every: every ?? null, refusedUploads: refused })]
      : [
          'The sweep has started. List the runs that it starts with: curator list',
          ...refused.map(refusedLine),
        ];
    printLine(lines.join('\n'));
  });
}

function parseUrl(text: string): string {
  if (!URL.canParse(text)) throw new InvalidArgumentError('Expected the URL of a queue.');
  return text;
}

function parseEvery(text: string): Every {
  if (!/^[1-9]\d*[smh]$/.test(text))
    throw new InvalidArgumentError('Expected a duration such as 90s, 30m or 2h.');
  return text as Every;
}
