// Measures what is done again if a dataset is ingested again: the same archive, the same archive with another setting of
// curating, and an export of which 1 % of the images changed, with the same names and with new names.
//   npm run bench:reuse                                   # 200 drawn images
//   npm run bench:reuse -- --images 400 --rounds 3 --json
import { createHash, randomFillSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { noopMetricMeter } from '@temporalio/common';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import sharp from 'sharp';
import { ZipFile } from 'yazl';
import { Curating } from '../dist/activities/curating/curating.js';
import { createMetrics } from '../dist/activities/metrics/metrics.js';
import { readConfiguration } from '../dist/config/configuration.js';
import { ingestWorkflowId, PROGRESS_QUERY, TASK_QUEUE } from '../dist/contracts/workflow-io.js';
import { DEFAULT_DATASET_SETTINGS } from '../dist/dataset/model/settings.js';
import { intakeDefaults } from '../dist/intake/intake.js';
import { ModelRunner } from '../dist/models/model-runner.js';
import { inspectApart } from '../dist/pipeline/inspect-apart.js';
import { createS3Client } from '../dist/storage/client.js';
import { ObjectStore } from '../dist/storage/object-store.js';
import { realClock } from '../dist/training/await-training.js';
import { createRekognitionClient } from '../dist/training/client.js';
import { Trainer } from '../dist/training/trainer.js';
import { createWorkers } from '../dist/worker.js';
import { BUCKET, RUN, startLocalStack } from './bench/local-stack.mjs';
import { median } from './bench/medians.mjs';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const SIZE = { width: 1400, height: 1000 };

const { values } = parseArgs({
  options: {
    images: { type: 'string', default: '200' },
    rounds: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const count = Number(values.images);

const home = await mkdtemp(join(tmpdir(), 'curator-bench-'));
const ends = [() => rm(home, { recursive: true, force: true })];
try {
  const bench = await setUp();
  const rounds = [];
  for (let round = 1; round <= Number(values.rounds); round++) rounds.push(await measure(bench, round));
  report(rounds);
} finally {
  for (const end of ends.reverse()) await end();
}

/** Starts S3, Temporal, the emulator and a worker in this process. */
async function setUp() {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const { address, namespace, env } = await startLocalStack(home, ends);
  const configuration = readConfiguration(env);
  const { aws, hourlyRates } = configuration.environment;
  const rekognition = createRekognitionClient(aws);
  const s3Client = createS3Client(aws);
  const traffic = countTraffic(s3Client);
  const store = new ObjectStore(s3Client);
  const deps = {
    store,
    intake: intakeDefaults(configuration),
    trainer: new Trainer(rekognition, hourlyRates),
    inspect: inspectApart,
    curating: new Curating(aws),
    models: new ModelRunner(rekognition),
    clock: realClock,
    metrics: createMetrics(noopMetricMeter),
    shutdown: new AbortController().signal,
  };
  const connection = await NativeConnection.connect({ address });
  const workers = await createWorkers({ connection, namespace, deps });
  const running = Promise.all(workers.map((worker) => worker.run()));
  const clientConnection = await Connection.connect({ address });
  ends.push(async () => {
    rekognition.destroy();
    await clientConnection.close();
    for (const worker of workers) worker.shutdown();
    await running;
    await connection.close();
  });
  return { store, traffic, client: new Client({ connection: clientConnection, namespace }) };
}

/** Counts the requests of a client, and the bytes that they send and receive. */
function countTraffic(client) {
  const traffic = { requests: {}, sent: 0, received: 0 };
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (step) => {
        const name = commandName.replace(/Command$/, '');
        traffic.requests[name] = (traffic.requests[name] ?? 0) + 1;
        traffic.sent += Number(step.request.headers['content-length'] ?? 0);
        const done = await next(step);
        if (name !== 'HeadObject') traffic.received += Number(done.response.headers['content-length'] ?? 0);
        return done;
      },
    { step: 'deserialize' },
  );
  return traffic;
}

/** Ingests one dataset five times. */
async function measure(bench, round) {
  const dataset = `round-${round}`;
  const images = await drawn(count);
  const changed = await withChanges(images, Math.ceil(count / 100));
  const capped = { ...DEFAULT_DATASET_SETTINGS, perClassCap: DEFAULT_DATASET_SETTINGS.perClassCap - 10 };
  const runs = [
    ['first run', images, DEFAULT_DATASET_SETTINGS],
    ['same archive again', images, DEFAULT_DATASET_SETTINGS],
    ['PER_CLASS_CAP changed', images, capped],
    ['1 % of the images changed', changed, DEFAULT_DATASET_SETTINGS],
    ['as before, all names new', renamed(changed), DEFAULT_DATASET_SETTINGS],
  ];
  const measured = {};
  for (const [index, [name, files, settings]] of runs.entries()) {
    const input = await uploaded(bench, dataset, index, await zipOf(files), settings);
    measured[name] = await ingest(bench, input);
    process.stderr.write(`${name}: ${JSON.stringify(measured[name])}\n`);
  }
  return measured;
}

/** JPEGs of 1.4 megapixels and about 0.9 MB: coloured cells with noise, so that no two are alike. */
async function drawn(number) {
  const images = [];
  for (let n = 0; n < number; n++) images.push({ name: `train/photo_${n}_jpg.jpg`, bytes: await draw() });
  return images;
}

async function draw() {
  const { width, height } = SIZE;
  const cells = randomFillSync(Buffer.alloc(14 * 10 * 3));
  const noise = randomFillSync(Buffer.alloc(width * height));
  const pixels = Buffer.alloc(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const cell = (Math.floor(y / 100) * 14 + Math.floor(x / 100)) * 3;
      const grain = (noise[at] ?? 0) >> 3;
      for (let c = 0; c < 3; c++) pixels[at * 3 + c] = Math.min(255, (cells[cell + c] ?? 0) + grain);
    }
  }
  return await sharp(pixels, { raw: { width, height, channels: 3 } })
    .jpeg({ quality: 90 })
    .toBuffer();
}

async function withChanges(images, number) {
  const every = Math.floor(images.length / number);
  return await Promise.all(
    images.map(async (image, n) =>
      n % every === 0 && n / every < number ? { ...image, bytes: await draw() } : image,
    ),
  );
}

/** Exports such as Roboflow's put a new hash into each name. */
function renamed(images) {
  const hash = (text) => createHash('md5').update(text).digest('hex');
  return images.map(({ name, bytes }) => ({ name: name.replace(/\.jpg$/, `.rf.${hash(name)}.jpg`), bytes }));
}

async function zipOf(files) {
  const zip = new ZipFile();
  const categories = ['acne', 'mole'].map((name, index) => ({ id: index + 1, name }));
  const coco = {
    images: files.map(({ name }, id) => ({ id, file_name: name.slice('train/'.length), ...SIZE })),
    annotations: files.map((_, id) => ({
      ...{
        id,
        image_id: id,
        category_id: (id % 2) + 1,
        bbox: [200, 200, 400, 300],
        area: 120_000,
        iscrowd: 0,
      },
    })),
    categories,
  };
  const entry = { compress: false, mtime: new Date(2025, 8, 1, 8, 0, 0) };
  zip.addBuffer(Buffer.from(JSON.stringify(coco)), 'train/_annotations.coco.json', entry);
  for (const { name, bytes } of files) zip.addBuffer(bytes, name, entry);
  zip.end();
  return await buffer(zip.outputStream);
}

async function uploaded({ store }, dataset, index, archive, settings) {
  const key = `landing/${dataset}/${index}/${dataset}.zip`;
  await store.put(BUCKET, key, archive);
  const { etag } = await store.head(BUCKET, key);
  const upload = { bucket: BUCKET, key, etag, bytes: archive.length };
  return { dataset, upload, settings, run: RUN, searchAttributes: false };
}

/** Runs the stages from archive to manifests; returns seconds, CPU seconds and requests. */
async function ingest({ client, traffic }, input) {
  Object.assign(traffic, { requests: {}, sent: 0, received: 0 });
  const cpu = process.cpuUsage();
  const handle = await client.workflow.start('ingestDataset', {
    taskQueue: TASK_QUEUE,
    workflowId: ingestWorkflowId(input.dataset),
    args: [input],
  });
  for (;;) {
    const { stage, stages, result } = await handle.query(PROGRESS_QUERY);
    if (result) throw new Error(`The run ended as ${stage}: ${result.message}`);
    if (stage === 'awaiting-approval') {
      const { user, system } = process.cpuUsage(cpu);
      const { startTime } = await handle.describe();
      await handle.terminate('measured');
      const of = (name) => stages.find((one) => one.stage === name);
      const seconds = (from, to) => (Date.parse(to) - Date.parse(from)) / 1000;
      const preprocessing = of('preprocessing');
      return {
        seconds: seconds(startTime.toISOString(), of('validating').to),
        preprocessing: seconds(preprocessing.from, preprocessing.to),
        stages: Object.fromEntries(
          stages.flatMap(({ stage: s, from, to }) => (to ? [[s, seconds(from, to)]] : [])),
        ),
        cpu: (user + system) / 1e6,
        requests: Object.values(traffic.requests).reduce((sum, n) => sum + n, 0),
        ...structuredClone(traffic.requests),
        sentMB: traffic.sent / 1e6,
        receivedMB: traffic.received / 1e6,
      };
    }
    await new Promise((done) => setTimeout(done, 200));
  }
}

/** Prints medians, and shares of the first run of the same round. */
function report(rounds) {
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ images: count, rounds })}\n`);
    return;
  }
  const first = 'first run';
  process.stdout.write(`medians of ${rounds.length} rounds, ${count} images of 1.4 megapixels\n`);
  for (const name of Object.keys(rounds[0])) {
    const of = (field) => median(rounds.map((round) => round[name][field]));
    const share = (field) => median(rounds.map((round) => round[name][field] / round[first][field]));
    const text = (field) => `${of(field).toFixed(1)} s (${Math.round(share(field) * 100)} %)`;
    process.stdout.write(
      `${name}: preprocessing ${text('preprocessing')}, whole run ${text('seconds')}, CPU ${text('cpu')}, ${of('requests')} requests, ${of('sentMB').toFixed(0)} MB sent, ${of('receivedMB').toFixed(0)} MB received\n`,
    );
  }
}
