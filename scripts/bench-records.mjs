// Compares conversion and validation with AWS's documented transform (bench/aws-transform.py) on the same COCO file,
// alternately, in CPU seconds. Images are not read: the results of preprocessing are made up.
//   npm run bench:records
//   npm run bench:records -- --images 250000 --rounds 3
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { drawRecords } from './bench/draw-records.mjs';

const { values } = parseArgs({
  options: {
    images: { type: 'string', default: '20000' },
    rounds: { type: 'string', default: '2' },
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
  for (let round = 0; round < Number(values.rounds); round++) {
    print('curator', run(process.execPath, [HEAP, program('convert-records.mjs'), folder]));
    print('aws', run('python3', [program('aws-transform.py'), coco, join(home, 'aws.manifest')]));
  }
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

function print(way, result) {
  process.stdout.write(`${JSON.stringify({ way, ...result })}\n`);
}
