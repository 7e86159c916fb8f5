// Measures `npm run demo` as a user runs it, with the binaries and the drawn dataset in their caches and a new CURATOR_HOME
// in each round: seconds from the start of the command until the stack is up, until the manifests are validated and until the
// command has ended with a model, CPU seconds of all processes, and the longest time that the emulator took to respond to a
// small request during training and evaluation. The endpoint, which has nothing to do then, gets small requests too: the
// machine is responsible for as much as it takes. `watched` is the number of seconds in which both were asked.
//   npm run bench:demo
//   npm run bench:demo -- --rounds 5 --json
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { cpuSeconds } from './bench/cpu-seconds.mjs';
import { mediansOf } from './bench/medians.mjs';
import { responseTimes } from './bench/response-times.mjs';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** Time between two looks for the record of the running stack. */
const LOOK_MS = 20;

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '3' }, json: { type: 'boolean', default: false } },
});

const rounds = [];
while (rounds.length < Number(values.rounds)) {
  const measured = await demo();
  if (measured === undefined) process.stderr.write('this demo drew its dataset, so it does not count\n');
  else {
    rounds.push(measured);
    process.stderr.write(`round ${rounds.length}: ${JSON.stringify(measured)}\n`);
  }
}
const medians = mediansOf(rounds);
if (values.json) process.stdout.write(`${JSON.stringify({ rounds, medians })}\n`);
else console.table(medians);

/** One demo. Returns undefined if it drew the dataset, which later demos find in the cache. */
async function demo() {
  const home = await mkdtemp(join(tmpdir(), 'curator-bench-'));
  const cpu = cpuSeconds('npm');
  const start = performance.now();
  const child = spawn('npm', ['run', '--silent', 'demo', '--', '--json'], {
    cwd: ROOT,
    env: { ...process.env, CURATOR_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  try {
    const ended = once(child, 'close');
    const stages = stagesOf(child.stderr);
    const result = text(child.stdout);
    const up = await untilUp(home, ended);
    const stop = new AbortController();
    const times = responseTimes(up.info, stop.signal);
    const { outcome } = JSON.parse((await result) || '{}');
    const done = performance.now();
    stop.abort();
    const [[code], { emulator, endpoint }, { training, drawn }] = await Promise.all([ended, times, stages]);
    if (outcome !== 'done' || training === undefined)
      throw new Error(`The demo ended with exit code ${code}.`);
    if (drawn) return undefined;
    const seconds = (from, to) => Number(((to - from) / 1000).toFixed(2));
    const since = (requests) => requests.filter(({ at }) => at >= training);
    const longest = (requests) => Math.round(Math.max(...since(requests).map(({ ms }) => ms)));
    return {
      stackUp: seconds(start, up.at),
      manifests: seconds(start, training),
      model: seconds(start, done),
      cpu: Number((cpuSeconds('npm') - cpu).toFixed(1)),
      longestEmulatorMs: longest(emulator),
      longestEndpointMs: longest(endpoint),
      watched: seconds(training, Math.min(emulator.at(-1).at, endpoint.at(-1).at)),
      load: Number(loadavg()[0].toFixed(1)),
    };
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** When the training began, which the command says once the manifests are validated; and whether it drew the dataset. */
async function stagesOf(output) {
  const seen = { training: undefined, drawn: false };
  for await (const line of createInterface({ input: output })) {
    if (line.startsWith('training ')) seen.training ??= performance.now();
    if (line.startsWith('generating')) seen.drawn = true;
  }
  return seen;
}

/** Waits for the record of a stack whose servers are ready. */
async function untilUp(home, ended) {
  const failed = ended.then(([code]) => {
    throw new Error(`The demo ended with exit code ${code} before its stack was up.`);
  });
  for (;;) {
    const record = await readFile(join(home, 'stack.json'), 'utf8').catch(() => '{"info":null}');
    const { info } = JSON.parse(record);
    if (info) return { info, at: performance.now() };
    await Promise.race([delay(LOOK_MS), failed]);
  }
}
