// Compares Curator with programs that do the same work without it, alternately on the same servers: an archive in S3 in,
// originals and resized images in S3 out. Curator's way is the whole workflow up to validated manifests. CPU time includes
// all servers. See docs/performance.md for the ways.
//   npm run bench
//   npm run bench -- --images 400 --rounds 5 --json
//   npm run bench -- --width 640          # exports of 640 x 480 pixels
//   npm run bench -- --python venv/bin/python   # an interpreter with Pillow; without one its way is left out
//   npm run bench -- --check              # fails if a ratio is more than 15 % above the recorded one
//   npm run bench -- --record             # writes bench/ways.json and docs/performance.svg
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fileSource } from '../dist/archive/source.js';
import { readEnvironment } from '../dist/config/environment.js';
import { DEFAULT_DATASET_SETTINGS } from '../dist/dataset/model/settings.js';
import { inspectApart } from '../dist/pipeline/inspect-apart.js';
import { createS3Client } from '../dist/storage/client.js';
import { ObjectStore } from '../dist/storage/object-store.js';
import { alternate } from './bench/alternate.mjs';
import { bareLoop, OUR_JPEG } from './bench/bare-loop.mjs';
import { treeCpuSeconds } from './bench/cpu-seconds.mjs';
import { drawArchive, PHOTO_WIDTH } from './bench/draw-archive.mjs';
import { drawChart } from './bench/draw-chart.mjs';
import { ingestWay } from './bench/ingest-way.mjs';
import { BUCKET, startLocalStack } from './bench/local-stack.mjs';
import { hasPillow, pillowProcesses } from './bench/pillow-processes.mjs';
import { RATIO_OPTIONS, recordOrCheck } from './bench/recorded-ratios.mjs';
import { unzipperStreams } from './bench/unzipper-streams.mjs';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const CHART = new URL('../docs/performance.svg', import.meta.url);
const { values } = parseArgs({
  options: {
    images: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '3' },
    width: { type: 'string', default: String(PHOTO_WIDTH) },
    python: { type: 'string', default: 'python3' },
    json: { type: 'boolean', default: false },
    ...RATIO_OPTIONS,
  },
});
const [images, rounds, width] = [values.images, values.rounds, values.width].map(Number);

const home = await mkdtemp(join(tmpdir(), 'curator-bench-'));
const ends = [() => rm(home, { recursive: true, force: true })];
try {
  const { medians } = await alternate(await setUp(), rounds, measure);
  const result = { images, width, medians, ratios: ratiosOf(medians) };
  if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else {
    console.table(medians);
    console.table(result.ratios);
  }
  await recordOrCheck('ways', values, result);
  if (values.record) await writeFile(CHART, chartOf(result));
} catch (error) {
  process.stderr.write(`bench: ${error.message}\n`);
  process.exitCode = 1;
} finally {
  for (const end of ends.reverse()) await end();
}

/** The ways by name. Each puts its objects below the name that it gets. */
async function setUp() {
  const stack = await startLocalStack(home, ends);
  const { aws } = readEnvironment(stack.env);
  const s3 = createS3Client(aws);
  // A checksum in a presigned URL would be that of no bytes.
  const signer = createS3Client(aws, { requestChecksumCalculation: 'WHEN_REQUIRED' });
  ends.push(() => {
    s3.destroy();
    signer.destroy();
  });
  const zip = join(home, 'photos.zip');
  await drawArchive(zip, images, width);
  const archive = await uploaded(new ObjectStore(s3), zip);
  const entries = await entriesOf(zip);
  const ways = {
    curator: await ingestWay(stack, s3, archive, ends),
    'bare loop': (name) => bareLoop(s3, archive, entries, name, {}),
    'bare loop, our quality': (name) => bareLoop(s3, archive, entries, name, OUR_JPEG),
    unzipper: (name) => unzipperStreams(s3, archive, name),
  };
  if (!hasPillow(values.python)) {
    process.stderr.write(`${values.python} has no Pillow, so its way is left out. Use --python.\n`);
    return ways;
  }
  // The way before it has put the originals when this one warms up.
  const originals = entries.map(({ path }) => `unzipper-warm/raw/${path}`);
  const pillow = (name) => pillowProcesses(values.python, signer, BUCKET, originals, name);
  return { ...ways, 'Pillow, a process per image': pillow };
}

async function uploaded(store, zip) {
  const key = 'photos.zip';
  await store.put(BUCKET, key, await readFile(zip));
  const { etag, bytes } = await store.head(BUCKET, key);
  return { bucket: BUCKET, key, etag, bytes };
}

async function entriesOf(zip) {
  const source = await fileSource(zip);
  const { batches } = await inspectApart(source, DEFAULT_DATASET_SETTINGS);
  await source.close();
  return batches.flatMap((batch) => batch.images).map(({ entry }) => entry);
}

/** Milliseconds per image. */
async function measure(way) {
  const [wall, cpu] = [performance.now(), treeCpuSeconds()];
  await way();
  const perImage = (ms) => Number((ms / images).toFixed(1));
  return { cpuMs: perImage((treeCpuSeconds() - cpu) * 1000), wallMs: perImage(performance.now() - wall) };
}

/** Curator's median over that of each other way. */
function ratiosOf({ curator, ...others }) {
  return Object.fromEntries(
    Object.entries(others).flatMap(([way, figures]) =>
      Object.keys(figures).map((name) => [
        `${way}: ${name === 'cpuMs' ? 'cpu' : 'wall'}`,
        Number((curator[name] / figures[name]).toFixed(2)),
      ]),
    ),
  );
}

function chartOf({ medians }) {
  const bars = Object.entries(medians).map(([way, { wallMs }]) => [way, wallMs]);
  return drawChart(
    `Milliseconds per image of ${width} x ${Math.round(width * 0.75)} pixels`,
    bars,
    'curator',
  );
}
