import { createRequire } from 'node:module';
import { Command, CommanderError } from 'commander';
import { RefusedError, UnavailableError } from '../client/errors.js';
import { errorMessage } from '../lib/error-message.js';
import { InterruptedError } from '../lib/interruption.js';
import { UsageError } from '../lib/usage-error.js';
import { StorageError } from '../storage/storage-error.js';
import { TrainingError } from '../training/errors.js';
import './process-events.js';
import { EXIT, EXIT_HELP } from './output/exit-codes.js';
import { inFlags } from './output/flags.js';
import { errorText, sayLine } from './output/terminal.js';

type Register = (program: Command) => void;

type Loads = Readonly<Record<string, () => Promise<Register>>>;

/** In the order of the help. Each command is loaded on demand, since all of them together take seconds to load. */
const GROUPS: Readonly<Record<string, Loads>> = {
  'From a dataset to a model:': {
    demo: async () => (await import('./commands/demo.js')).registerDemo,
    check: async () => (await import('./commands/check.js')).registerCheck,
    ingest: async () => (await import('./commands/ingest.js')).registerIngest,
    rerun: async () => (await import('./commands/rerun.js')).registerRerun,
  },
  'Runs:': {
    list: runs,
    status: runs,
    watch: runs,
    approve: runs,
    reject: runs,
    cancel: runs,
    attach: async () => (await import('./commands/attach.js')).registerAttach,
  },
  'Results:': {
    report: async () => (await import('./commands/report.js')).registerReport,
    models: async () => (await import('./commands/models.js')).registerModels,
    detect: async () => (await import('./commands/detect.js')).registerDetect,
    'cross-validate': async () => (await import('./commands/cross-validate.js')).registerCrossValidate,
    export: async () => (await import('./commands/export.js')).registerExport,
    delete: async () => (await import('./commands/delete.js')).registerDelete,
  },
  'Services:': {
    up: async () => (await import('./commands/up.js')).registerUp,
    worker: servers,
    serve: servers,
    events,
    sweep: events,
    bucket: async () => (await import('./commands/bucket.js')).registerBucket,
    emulate: async () => (await import('./commands/emulate.js')).registerEmulate,
  },
  'Help:': {
    doctor: async () => (await import('./commands/doctor.js')).registerDoctor,
    config: async () => (await import('./commands/config.js')).registerConfig,
    sample: async () => (await import('./commands/sample.js')).registerSample,
  },
};
const COMMANDS: Loads = Object.assign({}, ...Object.values(GROUPS));

async function runs(): Promise<Register> {
  return (await import('./commands/runs.js')).registerRuns;
}

async function servers(): Promise<Register> {
  return (await import('./commands/servers.js')).registerServers;
}

async function events(): Promise<Register> {
  return (await import('./commands/events.js')).registerEvents;
}

/** The registration of the named command, or all if no command or an unknown one is named. */
async function registrations(named: string | undefined): Promise<ReadonlySet<Register>> {
  if (named === '--version' || named === '-V') return new Set();
  const load = named !== undefined && Object.hasOwn(COMMANDS, named) ? COMMANDS[named] : undefined;
  const loads = load ? [load] : Object.values(COMMANDS);
  return new Set(await Promise.all(loads.map((one) => one())));
}

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

const program = new Command('curator')
  .description(
    'Turns a ZIP of COCO-labelled images into a trained and evaluated Rekognition Custom Labels model.',
  )
  .version(version)
  .addHelpText('after', EXIT_HELP)
  .exitOverride()
  // Subcommands inherit it. Every error of the command begins with its name.
  .configureOutput({
    outputError: (text, write) => write(errorText(text.replace(/^error: /, 'curator: '))),
  });
for (const register of await registrations(process.argv[2])) register(program);
for (const [heading, commands] of Object.entries(GROUPS)) {
  for (const name of Object.keys(commands))
    program.commands.find((one) => one.name() === name)?.helpGroup(heading);
}
program.addHelpCommand(
  new Command('help').argument('[command]').description('display help for command').helpGroup('Help:'),
);
for (const command of program.commands) {
  command.exitOverride();
  for (const subcommand of command.commands) subcommand.exitOverride();
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

/** Prints one clear message for an error and returns the exit code. */
function report(error: unknown): number {
  // Commander has already printed its message. Its exit code is 1 for wrong usage, 0 for help and version.
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.done;
    return error.code === 'commander.error' ? error.exitCode : EXIT.usage;
  }
  const message = errorMessage(error);
  // A usage error names each setting as it was given.
  const isUsage = error instanceof UsageError;
  sayLine(errorText(`curator: ${isUsage ? message : inFlags(message)}`));
  if (process.env.DEBUG && error instanceof Error) sayLine(`${error.stack}`);
  if (isUsage) return EXIT.usage;
  // What was interrupted may still wait for services that have stopped.
  if (error instanceof InterruptedError) process.exit(EXIT.detached);
  const isExplained = [RefusedError, UnavailableError, StorageError, TrainingError].some(
    (type) => error instanceof type,
  );
  if (!isExplained && !process.env.DEBUG) {
    sayLine('Set DEBUG=1 to see the stack trace.');
  }
  return EXIT.failed;
}
