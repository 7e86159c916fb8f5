import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { serveJobs } from './child.js';
import { Reader, type Reading } from './reader.js';
import { TARGETS } from './targets.js';

const SCRIPT = fileURLToPath(import.meta.url);
/** An input that takes longer is a hang. */
const LIMIT_MS = 10_000;
/** Found inputs that are enough to stop a target: further ones are likely of the same kind. */
const MAX_FOUND = 20;
/** Processes that read inputs. */
const LANES = 2;

const { values } = parseArgs({
  options: {
    child: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string' },
    target: { type: 'string', multiple: true },
    out: { type: 'string', default: '.fuzz' },
    replay: { type: 'string' },
  },
});

if (values.child) serveJobs();
else if (values.replay === undefined) process.exitCode = await fuzz();
else process.exitCode = await replay(values.replay);

/** Fuzzes the targets until the time is over. Returns the exit code: 1 if an input was found. */
async function fuzz(): Promise<number> {
  const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
  const targets = values.target ?? [...TARGETS.keys()];
  const end = Date.now() + Number(values.minutes) * 60_000;
  process.stdout.write(`seed ${seed}: fuzzing ${targets.join(', ')} for ${values.minutes} minutes\n`);
  const lanes = Array.from({ length: LANES }, (_, lane) => targets.filter((_name, n) => n % LANES === lane));
  const counts = (await Promise.all(lanes.map((lane) => fuzzInTurn(lane, seed, end)))).flat();
  for (const { target, inputs, found, slowest } of counts) {
    process.stdout.write(
      `${target.padEnd(12)}${inputs} inputs, ${found} found, slowest ${Math.round(slowest)} ms\n`,
    );
  }
  return counts.some(({ found }) => found > 0) ? 1 : 0;
}

/** Fuzzes targets in one process, an input of each in turn. */
async function fuzzInTurn(targets: readonly string[], seed: number, end: number) {
  const reader = new Reader(SCRIPT, LIMIT_MS);
  const counts = targets.map((target) => ({ target, inputs: 0, found: 0, slowest: 0 }));
  while (Date.now() < end && counts.some(({ found }) => found < MAX_FOUND)) {
    for (const count of counts.filter(({ found }) => found < MAX_FOUND)) {
      const at = seed + count.inputs;
      const reading = await reader.read({ target: count.target, seed: at });
      count.inputs += 1;
      count.slowest = Math.max(count.slowest, reading.ms);
      if (reading.problem === null) continue;
      count.found += 1;
      await keep(count.target, at, reading);
    }
  }
  await reader.stop();
  return counts;
}

/** Writes the input of a seed and what happened to it. */
async function keep(target: string, seed: number, { problem }: Reading): Promise<void> {
  await mkdir(values.out, { recursive: true });
  const file = join(values.out, `${target}-${seed}.bin`);
  const input = await TARGETS.get(target)?.().make(seed);
  await writeFile(file, input ?? '');
  await writeFile(`${file}.txt`, `${problem}\n`);
  process.stdout.write(
    `${target}, seed ${seed}: ${problem?.split('\n')[0]} (npm run fuzz -- --replay ${file})\n`,
  );
}

/** Reads a kept input again. */
async function replay(file: string): Promise<number> {
  const [target = ''] = basename(file).split('-');
  const reader = new Reader(SCRIPT, LIMIT_MS);
  const input = (await readFile(file)).toString('base64');
  const { problem, ms } = await reader.read({ target, seed: 0, input });
  await reader.stop();
  process.stdout.write(`${file}: ${problem ?? 'no problem'} (${Math.round(ms)} ms)\n`);
  return problem === null ? 0 : 1;
}
