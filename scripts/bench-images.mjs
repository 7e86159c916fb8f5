// Compares preprocessing with the shortest program that does the same work (bench/bare-loop.mjs): the archive in S3 in, the
// originals and the preprocessed images in S3 out, on the same server, alternately. Judge by CPU time: wall time depends on
// what else the machine does.
//   npm run bench:images
//   npm run bench:images -- --images 400 --rounds 5 --processes 2 --json
//   npm run bench:images -- --check       # fails if a ratio is more than 15 % above the recorded one
//   npm run bench:images -- --record      # writes bench/images.json
//   npm run bench:images -- --waiting     # images/s of 1 to 8 processes whose images wait instead of computing
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import limit from 'p-limit';
import { BatchPool } from '../dist/activities/batches/pool.js';
import { defaultProcesses } from '../dist/activities/batches/pool-size.js';
import { fileSource } from '../dist/archive/source.js';
import { readEnvironment } from '../dist/config/environment.js';
import { DEFAULT_DATASET_SETTINGS } from '../dist/dataset/model/settings.js';
import { startSeaweedFs } from '../dist/local/seaweedfs.js';
import { inspectApart } from '../dist/pipeline/inspect-apart.js';
import { createS3Client } from '../dist/storage/client.js';
import { ObjectStore } from '../dist/storage/object-store.js';
import { alternate } from './bench/alternate.mjs';
import { bareLoop, OUR_JPEG } from './bench/bare-loop.mjs';
import { cpuSeconds, mainThreadSeconds } from './bench/cpu-seconds.mjs';
import { drawArchive } from './bench/draw-archive.mjs';
import { RATIO_OPTIONS, recordOrCheck } from './bench/recorded-ratios.mjs';
import { measureWaiting } from './bench/waiting.mjs';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const BUCKET = 'curator-bench';
const CREDENTIALS = { accessKeyId: 'BENCHKEY', secretAccessKey: 'bench-secret' };
/** Images per batch: small, so that both processes have work until the end. */
const BATCH_IMAGES = 20;

const { values } = parseArgs({
  options: {
    images: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '3' },
    processes: { type: 'string', default: String(defaultProcesses()) },
    json: { type: 'boolean', default: false },
    ...RATIO_OPTIONS,
    waiting: { type: 'boolean', default: false },
  },
});

if (values.waiting) process.stdout.write(`${JSON.stringify(await measureWaiting())}\n`);
else await compare();

async function compare() {
  const home = await mkdtemp(join(tmpdir(), 'curator-bench-'));
  const ends = [() => rm(home, { recursive: true, force: true })];
  try {
    const { medians } = await alternate(await setUp(home, ends), Number(values.rounds), measure);
    await report(medians);
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

async function setUp(home, ends) {
  const logs = join(home, 'logs');
  await mkdir(logs);
  const server = { home, logs, bucket: BUCKET, region: 'us-east-1', credentials: CREDENTIALS };
  const s3 = await startSeaweedFs(server);
  ends.push(() => s3.server.stop(0));
  const { aws } = readEnvironment({
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_S3: s3.endpoint,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
  });
  const client = createS3Client(aws);
  const store = new ObjectStore(client);
  const zip = join(home, 'photos.zip');
  await drawArchive(zip, Number(values.images));
  await store.put(BUCKET, 'photos.zip', await readFile(zip));
  const { etag, bytes } = await store.head(BUCKET, 'photos.zip');
  const archive = { bucket: BUCKET, key: 'photos.zip', etag, bytes };
  const source = await fileSource(zip);
  const { batches } = await inspectApart(source, DEFAULT_DATASET_SETTINGS);
  await source.close();
  const images = batches.flatMap((batch) => batch.images);
  const entries = images.map(({ entry }) => entry);
  const pool = new BatchPool(aws, Number(values.processes));
  ends.push(() => pool.close());
  return {
    'bare loop': (name) => bareLoop(client, archive, entries, name, {}),
    'bare loop, our quality': (name) => bareLoop(client, archive, entries, name, OUR_JPEG),
    curator: (name) => preprocess(pool, archive, images, name),
  };
}

async function preprocess(pool, upload, images, dataset) {
  const atOnce = limit(pool.size);
  const starts = images.flatMap((_, i) => (i % BATCH_IMAGES === 0 ? [i] : []));
  const job = { bucket: BUCKET, dataset, upload, settings: DEFAULT_DATASET_SETTINGS };
  await Promise.all(
    starts.map((start, index) =>
      atOnce(() => {
        const batch = { index, images: images.slice(start, start + BATCH_IMAGES) };
        return pool.run({ ...job, batch }, () => undefined);
      }),
    ),
  );
}

/** Milliseconds per image of one way. */
async function measure(way) {
  const [wall, cpu, main] = [performance.now(), cpuSeconds('batch-process'), mainThreadSeconds()];
  await way();
  const perImage = (ms) => Number((ms / Number(values.images)).toFixed(1));
  return {
    cpuMs: perImage((cpuSeconds('batch-process') - cpu) * 1000),
    wallMs: perImage(performance.now() - wall),
    mainThreadMs: perImage((mainThreadSeconds() - main) * 1000),
  };
}

async function report(medians) {
  const ratioTo = (way, name) => Number((medians.curator[name] / medians[way][name]).toFixed(2));
  const ratios = {
    cpu: ratioTo('bare loop', 'cpuMs'),
    cpuAtOurQuality: ratioTo('bare loop, our quality', 'cpuMs'),
    wall: ratioTo('bare loop', 'wallMs'),
    wallAtOurQuality: ratioTo('bare loop, our quality', 'wallMs'),
  };
  const result = { images: Number(values.images), processes: Number(values.processes), medians, ratios };
  if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else {
    console.table(medians);
    console.table(ratios);
  }
  await recordOrCheck('images', values, result);
}
