// Preprocesses a large drawn archive once through SeaweedFS, Temporal and a worker of its own, and prints as JSON whether
// speed and memory stay the same from the first image to the last. 100,000 images take hours.
//   npm run bench:scale
//   npm run bench:scale -- --images 5000
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Client, Connection, WorkflowNotFoundError } from '@temporalio/client';
import { readEnvironment } from '../dist/config/environment.js';
import {
  ingestWorkflowId,
  PROGRESS_QUERY,
  preprocessWorkflowId,
  TASK_QUEUE,
} from '../dist/contracts/workflow-io.js';
import { DEFAULT_DATASET_SETTINGS } from '../dist/dataset/model/settings.js';
import { createS3Client } from '../dist/storage/client.js';
import { ObjectStore } from '../dist/storage/object-store.js';
import { drawPictures } from './bench/draw-pictures.mjs';
import { BUCKET, RUN, startLocalStack } from './bench/local-stack.mjs';
import { memoryOf } from './bench/process-memory.mjs';
import { startWorker } from './bench/worker-process.mjs';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const DATASET = 'scale';
const POLL_MS = 500;

const { values } = parseArgs({ options: { images: { type: 'string', default: '100000' } } });
const count = Number(values.images);
/** Images per figure: 10,000, or a tenth of a smaller archive. */
const step = Math.min(10_000, Math.ceil(count / 10));
const say = (text) => process.stderr.write(`${text}\n`);

const home = await mkdtemp(join(tmpdir(), 'curator-bench-'));
const ends = [() => rm(home, { recursive: true, force: true })];
try {
  const { address, namespace, env } = await startLocalStack(home, ends);
  say('drawing …');
  const upload = await uploaded(new ObjectStore(createS3Client(readEnvironment(env).aws)));
  const worker = await startWorker(
    { ...env, TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace },
    ends,
  );
  const connection = await Connection.connect({ address });
  ends.push(() => connection.close());
  const client = new Client({ connection, namespace });
  const measured = await ingest(client, worker, upload);
  const events = await countEvents(client);
  const result = { images: count, archiveMb: Math.round(upload.bytes / 1e6), ...measured };
  process.stdout.write(`${JSON.stringify({ ...result, eventsPerImage: round(events / count, 3) })}\n`);
} catch (error) {
  say(`bench:scale: ${error.message}`);
  process.exitCode = 1;
} finally {
  for (const end of ends.reverse()) await end();
}

async function uploaded(store) {
  const zip = join(home, 'pictures.zip');
  await drawPictures(zip, count);
  const key = `landing/${DATASET}/bench/${DATASET}.zip`;
  await store.putStream(BUCKET, key, createReadStream(zip));
  const { size: bytes } = await stat(zip);
  await rm(zip);
  const { etag } = await store.head(BUCKET, key);
  return { bucket: BUCKET, key, etag, bytes };
}

/** Runs the stages up to the manifests. Returns images per second of each step, and the peak memory of the worker. */
async function ingest(client, worker, upload) {
  const handle = await client.workflow.start('ingestDataset', {
    taskQueue: TASK_QUEUE,
    workflowId: ingestWorkflowId(DATASET),
    args: [
      { dataset: DATASET, upload, settings: DEFAULT_DATASET_SETTINGS, run: RUN, searchAttributes: false },
    ],
  });
  const peaks = {};
  const steps = [];
  const child = client.workflow.getHandle(preprocessWorkflowId(DATASET, handle.firstExecutionRunId));
  let last;
  for (;;) {
    const { stage, stages, result } = await handle.query(PROGRESS_QUERY);
    if (result) throw new Error(`The run ended as ${stage}: ${result.message}`);
    if (stage === 'awaiting-approval') {
      await handle.terminate('measured');
      return { step, steps, seconds: secondsOf(stages), peakMb: peaks };
    }
    const memory = memoryOf(worker);
    peaks[stage] = higher(peaks[stage] ?? memory, memory);
    const from = stages.find((one) => one.stage === 'preprocessing')?.from;
    if (from && (last?.images ?? 0) < count) {
      last ??= { images: 0, at: Date.parse(from) };
      const now = { images: stage === 'preprocessing' ? await imagesDone(child) : count, at: Date.now() };
      if (now.images - last.images >= step || now.images === count) {
        const imagesPerSecond = round((1000 * (now.images - last.images)) / (now.at - last.at), 1);
        steps.push({ images: now.images, imagesPerSecond, mb: memory });
        say(JSON.stringify(steps.at(-1)));
        last = now;
      }
    }
    await setTimeout(POLL_MS);
  }
}

/** Images that preprocessing has completed; 0 while its workflow does not exist yet. */
async function imagesDone(preprocessing) {
  try {
    return (await preprocessing.query(PROGRESS_QUERY)).images;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 0;
    throw error;
  }
}

function higher(a, b) {
  return Object.fromEntries(Object.keys(a).map((name) => [name, Math.max(a[name], b[name])]));
}

/** Seconds of each stage. */
function secondsOf(stages) {
  return Object.fromEntries(
    stages.flatMap(({ stage, from, to }) =>
      to ? [[stage, round((Date.parse(to) - Date.parse(from)) / 1000, 1)]] : [],
    ),
  );
}

/** Events of all workflows: nothing else runs on this server. */
async function countEvents(client) {
  let events = 0;
  for await (const { workflowId, runId } of client.workflow.list()) {
    const { historyLength } = await client.workflow.getHandle(workflowId, runId).describe();
    events += historyLength;
  }
  return events;
}

function round(number, digits) {
  return Number(number.toFixed(digits));
}
