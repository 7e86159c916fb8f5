// Measures the overhead of Temporal: the stages from archive to published manifests, run by the workflow and as plain
// calls of the same activities in one process, alternately, against the same servers with separate folders.
//   npm run bench                                  # a generated dataset
//   npm run bench -- --archive my.zip --pairs 5 --json
//   npm run bench -- --check                       # fails if the ratio is more than 15 % above the recorded one
//   npm run bench -- --record                      # writes bench/workflow.json
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import limit from 'p-limit';
import { Curating } from '../dist/activities/curating/curating.js';
import { createActivities, createImageActivities } from '../dist/activities/index.js';
import { readConfiguration } from '../dist/config/configuration.js';
import { ingestWorkflowId, PROGRESS_QUERY, TASK_QUEUE } from '../dist/contracts/workflow-io.js';
import { DEFAULT_DATASET_SETTINGS } from '../dist/dataset/model/settings.js';
import { intakeDefaults } from '../dist/intake/intake.js';
import { ModelRunner } from '../dist/models/model-runner.js';
import { inspectApart } from '../dist/pipeline/inspect-apart.js';
import { writeSample } from '../dist/sample/write-sample.js';
import { createS3Client } from '../dist/storage/client.js';
import { ObjectStore } from '../dist/storage/object-store.js';
import { realClock } from '../dist/training/await-training.js';
import { createRekognitionClient } from '../dist/training/client.js';
import { Trainer } from '../dist/training/trainer.js';
import { createWorkers } from '../dist/worker.js';
import { BUCKET, RUN, startLocalStack } from './bench/local-stack.mjs';
import { RATIO_OPTIONS, recordOrCheck } from './bench/recorded-ratios.mjs';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const { values } = parseArgs({
  options: {
    archive: { type: 'string' },
    images: { type: 'string', default: '600' },
    pairs: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
    ...RATIO_OPTIONS,
  },
});
const say = (text) => process.stderr.write(`${text}\n`);

const home = await mkdtemp(join(tmpdir(), 'curator-bench-'));
const ends = [() => rm(home, { recursive: true, force: true })];
try {
  const bench = await setUp();
  say('warming up …');
  await pair(bench, 0);
  const pairs = [];
  for (let n = 1; n <= Number(values.pairs); n++) {
    const measured = await pair(bench, n);
    pairs.push(measured);
    say(
      `pair ${n}: plain ${measured.plain.toFixed(2)} s, workflow ${measured.workflow.toFixed(2)} s, ratio ${measured.ratio.toFixed(2)}`,
    );
  }
  const result = medians(bench.images, pairs);
  report(result, pairs);
  await recordOrCheck('workflow', values, result);
} catch (error) {
  say(`bench: ${error.message}`);
  process.exitCode = 1;
} finally {
  for (const end of ends.reverse()) await end();
}

async function setUp() {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const { address, namespace, env } = await startLocalStack(home, ends);
  const configuration = readConfiguration(env);
  const { aws, hourlyRates } = configuration.environment;
  const rekognition = createRekognitionClient(aws);
  const deps = {
    store: new ObjectStore(createS3Client(aws)),
    inspect: inspectApart,
    curating: new Curating(aws),
    intake: intakeDefaults(configuration),
    trainer: new Trainer(rekognition, hourlyRates),
    models: new ModelRunner(rekognition),
    clock: realClock,
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

  const zip = values.archive ?? join(home, 'sample.zip');
  if (!values.archive)
    await writeSample({ out: zip, images: Number(values.images), seed: 1 }, () => undefined);
  return {
    deps,
    client: new Client({ connection: clientConnection, namespace }),
    archive: await readFile(zip),
    images: 0,
  };
}

/** Runs both ways. The order alternates, because the second one finds warm caches. */
async function pair(bench, n) {
  const seconds = {};
  const ways = { plain, workflow };
  const order = n % 2 === 0 ? ['plain', 'workflow'] : ['workflow', 'plain'];
  for (const way of order) {
    const input = await uploaded(bench, `${way}-${n}`);
    seconds[way] = await ways[way](bench, input);
  }
  return { ...seconds, ratio: seconds.workflow / seconds.plain };
}

async function uploaded({ deps: { store }, archive }, dataset) {
  const key = `landing/${dataset}/bench/${dataset}.zip`;
  await store.put(BUCKET, key, archive);
  const { etag } = await store.head(BUCKET, key);
  const upload = { bucket: BUCKET, key, etag, bytes: archive.length };
  return { dataset, upload, settings: DEFAULT_DATASET_SETTINGS, run: RUN, searchAttributes: false };
}

/** Runs as many batches in parallel as a worker. Returns seconds. */
async function plain(bench, { dataset, upload, settings, ...input }) {
  const quiet = { logger: new DefaultLogger('ERROR') };
  const run = (activity, argument) => new MockActivityEnvironment({}, quiet).run(activity, argument);
  const activities = createActivities(bench.deps);
  const { preprocessBatch } = createImageActivities(bench.deps);

  const start = performance.now();
  const ledger = { bucket: BUCKET, dataset, upload, workflowId: ingestWorkflowId(dataset), runId: 'plain' };
  await run(activities.openRun, ledger);
  const inspection = await run(activities.inspectArchive, { dataset, upload, settings, ...input });
  const version = { bucket: BUCKET, dataset, version: inspection.version };
  const atOnce = limit(availableParallelism());
  const batches = Array.from({ length: inspection.batches }, (_, batch) =>
    atOnce(() => run(preprocessBatch, { ...version, upload, settings, batch })),
  );
  const done = await Promise.all(batches);
  await run(activities.markReady, { ...version, batches: inspection.batches });
  const access = { manifestAccess: RUN.manifestAccess };
  await run(activities.convertManifest, {
    ...version,
    ...access,
    batches: inspection.batches,
    settings,
    trainingAttempt: 1,
  });
  await run(activities.validateDataset, { ...version, settings });
  await run(activities.publishManifests, { ...version, ...access });
  const seconds = (performance.now() - start) / 1000;
  bench.images = done.reduce((sum, { images }) => sum + images, 0);
  return seconds;
}

/** Returns the seconds from the start of the run to the end of validation, by the workflow's own clock. */
async function workflow({ client }, input) {
  const handle = await client.workflow.start('ingestDataset', {
    taskQueue: TASK_QUEUE,
    workflowId: ingestWorkflowId(input.dataset),
    args: [input],
  });
  for (;;) {
    const { stage, stages, result } = await handle.query(PROGRESS_QUERY);
    if (result) throw new Error(`The run ended as ${stage}: ${result.message}`);
    if (stage === 'awaiting-approval') {
      const { startTime } = await handle.describe();
      await handle.terminate('measured');
      const end = stages.find((one) => one.stage === 'validating').to;
      return (Date.parse(end) - startTime.getTime()) / 1000;
    }
    await new Promise((done) => setTimeout(done, 200));
  }
}

function medians(images, pairs) {
  const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
  const of = (name) => Number(median(pairs.map((one) => one[name])).toFixed(2));
  return {
    images,
    plainSecs: of('plain'),
    workflowSecs: of('workflow'),
    ratios: { workflowToPlain: of('ratio') },
  };
}

function report(result, pairs) {
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ ...result, pairs })}\n`);
    return;
  }
  const { images, plainSecs, workflowSecs, ratios } = result;
  const rate = (seconds) => `${seconds.toFixed(2)} s, ${Math.round(images / seconds)} images/s`;
  process.stdout.write(
    `medians of ${pairs.length} pairs, ${images} images from archive to manifests\nplain     ${rate(plainSecs)}\nworkflow  ${rate(workflowSecs)}\nratio     ${ratios.workflowToPlain}\n`,
  );
}
