import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { createRandom } from '../../src/lib/random.js';
import { createRekognitionClient } from '../../src/training/client.js';
import { roboflowArchive } from '../support/archives.js';
import { awsOf } from '../support/aws.js';
import * as disturbances from './disturbance.js';
import type { Digest } from './oracle.js';
import { reliabilityDocument } from './report.js';
import { type Outcome, play, type Scenario } from './scenario.js';
import { startServices } from './services.js';

/** Enough for three batches. */
const IMAGES = 280;
const DATASETS_AT_ONCE = 3;
const ANNOUNCEMENTS = 100;
/** The built worker with one option changed. It starts processes of its own, which a bundle does not contain. */
const UNCACHED_WORKER = [
  '--input-type=module',
  '--eval',
  `import { runWorker } from '${new URL('../worker.js', import.meta.url)}';
   import { readConfiguration } from '${new URL('../config/configuration.js', import.meta.url)}';
   await runWorker(readConfiguration(process.env), { maxCachedWorkflows: 0 });`,
];

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '15' },
    seed: { type: 'string', default: '1' },
    /** Only scenarios whose name matches this pattern. */
    only: { type: 'string', default: '' },
    write: { type: 'boolean', default: false },
  },
});

const KILLS: Scenario = {
  name: 'workers killed (SIGKILL)',
  disturb: disturbances.killWorkers,
  countsBatches: true,
};
/** Half of the rounds kill workers. */
const SCENARIOS: readonly Scenario[] = [
  KILLS,
  { name: 'workers stopped (SIGTERM) every 10 s', disturb: disturbances.stopWorkers },
  KILLS,
  { name: 'Temporal killed and restarted', disturb: disturbances.restartTemporal },
  KILLS,
  { name: 'S3 fails, resets, hangs, slows down', disturb: disturbances.faultyStorage },
  KILLS,
  {
    name: `${ANNOUNCEMENTS} announcements at once`,
    disturb: disturbances.none,
    announcements: ANNOUNCEMENTS,
  },
  KILLS,
  {
    name: 'workers without a workflow cache, killed',
    disturb: disturbances.killWorkers,
    worker: UNCACHED_WORKER,
    countsBatches: true,
  },
];

process.exitCode = await main();

/** Plays scenarios in turn until the time is over. Returns the exit code: 1 if something did not hold. */
async function main(): Promise<number> {
  const [seed, minutes] = [Number(values.seed), Number(values.minutes)];
  const end = Date.now() + minutes * 60_000;
  const services = await startServices(seed);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void services.stop().finally(() => process.exit(130)));
  }
  const outcomes: Outcome[] = [];
  try {
    const archive = await roboflowArchive(IMAGES, 2);
    const stage = {
      ...{ services, archive, random: createRandom(seed) },
      rekognition: createRekognitionClient(awsOf(definedOf(services.workerEnv))),
    };
    let expected: Digest | undefined;
    let dataset = 0;
    const scenarios = SCENARIOS.filter(({ name }) => new RegExp(values.only).test(name));
    const rounds = [{ name: 'none', disturb: disturbances.none }, ...scenarios];
    for (let round = 0; Date.now() < end; round = round + 1 < rounds.length ? round + 1 : 1) {
      const scenario = rounds[round];
      if (!scenario) break;
      const names = Array.from(
        { length: DATASETS_AT_ONCE },
        () => `chaos-${String(++dataset).padStart(4, '0')}`,
      );
      const { digest, ...outcome } = await play(scenario, { ...stage, expected }, names);
      expected ??= digest;
      outcomes.push(outcome);
      say(outcome);
    }
  } finally {
    await services.stop();
  }
  const machine = `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.versions.node}`;
  const text = reliabilityDocument(outcomes, {
    minutes,
    seed,
    machine,
    date: new Date().toISOString().slice(0, 10),
  });
  if (values.write) await writeFile('docs/reliability.md', text);
  else process.stdout.write(text);
  return outcomes.some(({ violations }) => violations.length > 0) ? 1 : 0;
}

function say({ scenario, runs, disturbances: count, seconds, violations }: Outcome): void {
  const longest = Math.max(...seconds).toFixed(1);
  process.stderr.write(
    `${scenario}: ${runs} runs, ${count} disturbances, ${longest} s, ${violations.length} violations\n`,
  );
  for (const violation of violations) process.stderr.write(`  ${violation}\n`);
}

function definedOf(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
