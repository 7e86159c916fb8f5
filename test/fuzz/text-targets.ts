import fc from 'fast-check';
import { ZodError } from 'zod';
import { runTable } from '../../src/cli/output/run-table.js';
import { summary } from '../../src/cli/output/summary.js';
import { statusSchema } from '../../src/contracts/ledger.js';
import { evaluatedImageSchema } from '../../src/custom-labels/read-evaluation-manifest.js';
import { readLineProblems } from '../../src/custom-labels/read-validation-manifest.js';
import { evaluateLabel } from '../../src/evaluation/metrics.js';
import { parseS3Events, UnknownEventError } from '../../src/intake/s3-events.js';
import { tryParseJson } from '../../src/lib/try-parse-json.js';
import { MalformedError } from '../../src/storage/errors.js';
import { parseJson } from '../../src/storage/json.js';
import { evaluationLine } from '../support/evaluation-manifests.js';
import { parseLines } from '../support/json-lines.js';
import { manifestLine, type TestBox, validateManifests } from '../support/manifests.js';
import { savedResults } from '../support/saved-results.js';
import { byteEdits, drawn, editBytes, editJson, jsonEdits } from './edits.js';
import { accepting, check, type FuzzTarget } from './target.js';

const BOXES: readonly TestBox[] = [
  ['acne', 4, 5, 30, 20],
  ['wart', 40, 40, 20, 20],
];

/** Changes some lines of a text of JSON lines, and sometimes its bytes. */
function editLines(lines: readonly string[], seed: number): Buffer {
  const edited = lines.map((line, n) =>
    (seed + n) % 2 === 0 ? JSON.stringify(editJson(JSON.parse(line), drawn(jsonEdits, seed + n))) : line,
  );
  const text = Buffer.from(`${edited.join('\n')}\n`);
  return drawn(fc.nat(3), seed) === 0 ? editBytes(text, drawn(byteEdits, seed)) : text;
}

/** Ground Truth manifests and the service's copies of them with errors. */
export function manifestTarget(): FuzzTarget {
  const lines = [0, 1, 2].map((n) => manifestLine('bucket', { image: `${n}.jpg`, boxes: BOXES }));
  return {
    make: async (seed) => editLines(lines, seed),
    run: async (bytes) => {
      const text = bytes.toString('utf8');
      const { findings, refusal } = validateManifests(text, lines.join('\n'));
      check(refusal === null || findings.length > 0, 'The manifests are refused without a finding.');
      for (const line of text.split('\n')) readLineProblems(line);
    },
  };
}

/** The service's evaluation of a model. */
export function evaluationTarget(): FuzzTarget {
  const predictions = BOXES.map((box, n) => ({ box, is: n === 0 ? ('true-positive' as const) : undefined }));
  const lines = [0, 1, 2].map((n) => evaluationLine('bucket', `${n}.jpg`, BOXES, predictions));
  const isDocumented = (error: unknown) => error instanceof ZodError || error instanceof SyntaxError;
  return {
    make: async (seed) => editLines(lines, seed),
    run: async (bytes) =>
      await accepting(isDocumented, () => {
        const images = parseLines(bytes.toString('utf8'), evaluatedImageSchema);
        for (const label of ['acne', 'wart']) {
          const { f1 } = evaluateLabel(label, images);
          check(f1 === null || (f1 >= 0 && f1 <= 1), `F1 of ${label} is ${f1}.`);
        }
      }),
  };
}

/** Documents about runs in the bucket, and what commands print of them. */
export function statusTarget(): FuzzTarget {
  const upload = { bucket: 'b', key: 'landing/a/b.zip', etag: '"1"', bytes: 5 };
  const documents = savedResults().map(({ result }) => ({
    ...{ stage: 'done', dataset: 'a', workflowId: 'ingest/a', runId: 'r', upload, version: null },
    ...{ images: { done: 1, total: 1, rejected: 0 }, stages: [], training: null, approval: null, result },
  }));
  return {
    make: async (seed) => {
      const document = documents[Math.abs(seed) % documents.length];
      return Buffer.from(JSON.stringify(editJson(document, drawn(jsonEdits, seed))) ?? '');
    },
    run: async (bytes) =>
      await accepting(
        (error) => error instanceof MalformedError,
        () => {
          const { result, stage, quality } = parseJson(bytes.toString('utf8'), statusSchema, 'status.json');
          const row = { dataset: 'a', status: stage, started: '', runId: 'r', model: null };
          runTable([quality === undefined ? row : { ...row, quality }], 0);
          if (result) summary(result, { pageUrl: null, workflowUrl: null });
        },
      ),
  };
}

/** Notifications of S3 servers. */
export function eventTarget(): FuzzTarget {
  const record = {
    eventName: 's3:ObjectCreated:Put',
    s3: { bucket: { name: 'b' }, object: { key: 'landing/a/b.zip' } },
  };
  const bodies = [
    { Records: [record, record] },
    [record],
    { key: '/buckets/b/landing/a/b.zip', event_type: 'create', message: {} },
    { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'b' },
    { Type: 'Notification', TopicArn: 'arn:aws:sns:x', Message: JSON.stringify({ Records: [record] }) },
  ];
  return {
    make: async (seed) => {
      const body = bodies[Math.abs(seed) % bodies.length];
      return Buffer.from(JSON.stringify(editJson(body, drawn(jsonEdits, seed))) ?? '');
    },
    run: async (bytes) =>
      await accepting(
        (error) => error instanceof UnknownEventError,
        () => {
          for (const { bucket, keys } of parseS3Events(tryParseJson(bytes.toString('utf8')))) {
            check(typeof bucket === 'string' && keys.length > 0, 'An event has no bucket or no key.');
          }
        },
      ),
  };
}
