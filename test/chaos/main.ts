import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { createRandom } from '../../src/lib/random.js';
import { createRekognitionClient } from '../../src/training/client.js';
import { roboflowArchive } from '../support/archives.js';
import { awsOf } from '../support/aws.js';
import { reliabilityDocument } from './report.js';
import { type Outcome, play, type Scenario } from './scenario.js';
import { SCENARIOS, UNDISTURBED } from './scenarios.js';
import { type Services, startServices } from './services.js';

/** Enough for four batches. */
const IMAGES = 400;
const DATASETS_AT_ONCE = 5;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '15' },
    seed: { type: 'string', default: '1' },
    /** Only scenarios whose name matches this pattern. */
    only: { type: 'string', default: '' },
    write: { type: 'boolean', default: false },
  },
});

process.exitCode = await main();

/** Plays scenarios in turn until the time is over. Returns the exit code: 1 if something did not hold. */
async function main(): Promise<number> {
  const [seed, minutes] = [Number(values.seed), Number(values.minutes)];
  const chosen = SCENARIOS.filter(({ name }) => new RegExp(values.only).test(name));
  if (chosen.length === 0) {
    const names = [...new Set(SCENARIOS.map(({ name }) => name))];
    process.stderr.write(`No scenario matches --only ${values.only}. Scenarios: ${names.join(', ')}.\n`);
    return 2;
  }
  const services = await startServices(seed);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void services.stop().finally(() => process.exit(130)));
  }
  const possible = chosen.filter(({ missing }) => missing?.(services) === undefined);
  const outcomes: Outcome[] = [];
  try {
    for await (const outcome of playInTurn(possible, services, seed, minutes)) {
      outcomes.push(outcome);
      say(outcome);
    }
  } finally {
    await services.stop();
  }
  const text = reliabilityDocument(outcomes, {
    ...{ minutes, seed, notPlayed: notPlayed(outcomes, services) },
    machine: `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.versions.node}`,
    date: new Date().toISOString().slice(0, 10),
  });
  if (values.write) await writeFile('docs/reliability.md', text);
  else process.stdout.write(text);
  return outcomes.some(({ violations }) => violations.length > 0) ? 1 : 0;
}

/** Plays an undisturbed round, then the scenarios again and again until a number of minutes is over. */
async function* playInTurn(
  scenarios: readonly Scenario[],
  services: Services,
  seed: number,
  minutes: number,
): AsyncGenerator<Outcome> {
  const stage = {
    ...{ services, random: createRandom(seed), archive: await roboflowArchive(IMAGES, 2) },
    rekognition: createRekognitionClient(awsOf(definedOf(services.workerEnv))),
  };
  let dataset = 0;
  const names = () =>
    Array.from({ length: DATASETS_AT_ONCE }, () => `chaos-${String(++dataset).padStart(4, '0')}`);
  const { digest: expected, ...undisturbed } = await play(
    UNDISTURBED,
    { ...stage, expected: undefined },
    names(),
  );
  yield undisturbed;
  const end = Date.now() + minutes * 60_000;
  while (scenarios.length > 0) {
    for (const scenario of scenarios) {
      if (Date.now() > end) return;
      const { digest: _digest, ...outcome } = await play(scenario, { ...stage, expected }, names());
      yield outcome;
    }
  }
}

/** The scenarios without a run, and why they have none. */
function notPlayed(outcomes: readonly Outcome[], services: Services): string[] {
  const played = new Set(outcomes.map(({ scenario }) => scenario));
  const texts = SCENARIOS.filter(({ name }) => !played.has(name)).map(({ name, missing }) => {
    const reason = missing?.(services) ?? 'It was not chosen, or the time was over.';
    return `${name}: ${reason}`;
  });
  return [...new Set(texts)];
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
