// Compares conversion and validation with AWS's documented transform (bench/aws-transform.py) on the same COCO file,
// alternately, in CPU seconds. Images are not read: the results of preprocessing are made up.
//   npm run bench:records
//   npm run bench:records -- --images 250000 --rounds 3
//   npm run bench:records -- --check      # fails if a ratio to AWS's transform is more than 15 % above the recorded one
//   npm run bench:records -- --record     # writes bench/records.json
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { drawRecords } from './bench/draw-records.mjs';
import { median } from './bench/medians.mjs';
import { RATIO_OPTIONS, recordOrCheck } from './bench/recorded-ratios.mjs';

const { values } = parseArgs({
  options: {
    images: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '2' },
    ...RATIO_OPTIONS,
  },
});
/** MB. The records of a million images need more than Node's default. */
const HEAP = '--max-old-space-size=8192';

const home = await mkdtemp(join(tmpdir(), 'curator-bench-'));
try {
  const [zip, coco, folder] = ['records.zip', 'coco.json', 'run'].map((name) => join(home, name));
  await mkdir(folder);
  await drawRecords(Number(values.images), zip, coco);
  print('inspection', run(process.execPath, [HEAP, program('inspect-records.mjs'), zip, folder]));
  const rounds = [];
  for (let round = 0; round < Number(values.rounds); round++) {
    const curator = run(process.execPath, [HEAP, program('convert-records.mjs'), folder]);
    print('curator', curator);
    const aws = run('python3', [program('aws-transform.py'), coco, join(home, 'aws.manifest')]);
    print('aws', aws);
    rounds.push({ cpu: sum(curator.cpuSeconds) / aws.cpuSeconds, peakMb: curator.peakMb / aws.peakMb });
  }
  const result = { images: Number(values.images), ratios: medians(rounds) };
  process.stdout.write(`${JSON.stringify(result)}\n`);
  await recordOrCheck('records', values, result);
} finally {
  await rm(home, { recursive: true, force: true });
}

function program(name) {
  return fileURLToPath(new URL(`./bench/${name}`, import.meta.url));
}

function run(command, args) {
  const { status, stdout } = spawnSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${args.join(' ')} failed.`);
  return JSON.parse(stdout);
}

function sum(cpuSeconds) {
  return Object.values(cpuSeconds).reduce((total, seconds) => total + seconds, 0);
}

function medians(rounds) {
  const of = (name) => Number(median(rounds.map((round) => round[name])).toFixed(2));
  return Object.fromEntries(Object.keys(rounds[0]).map((name) => [name, of(name)]));
}

function print(way, result) {
  process.stdout.write(`${JSON.stringify({ way, ...result })}\n`);
}
