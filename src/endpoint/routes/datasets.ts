import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { z } from 'zod';
import { MAX_NAME_CHARACTERS, MAX_NOTE_CHARACTERS } from '../../contracts/workflow-io.js';
import { LatestModels } from '../../models/latest-models.js';
import type { App, RouteDeps } from '../app.js';
import { bodyOf, problems } from '../describe-responses.js';
import { describeProblem, problemDocument } from '../problems.js';
import {
  approvalSchema,
  datasetParams,
  historySchema,
  progressSchema,
  runListSchema,
  workflowSchema,
} from '../schemas.js';
import type { WatchEvent } from '../watchers.js';

const HEARTBEAT_MS = 15_000;
const tags = ['datasets'];

/** Routes that read, follow, approve and cancel runs. */
export function datasetRoutes(app: App, { client, watchers, workflowUrl }: RouteDeps): void {
  const latestModels = new LatestModels(client.store, client.bucket);

  app.get(
    '/datasets',
    {
      schema: {
        tags,
        summary: 'Latest run of each dataset, newest first',
        response: { 200: runListSchema, ...problems(503) },
      },
    },
    async () => ({ datasets: await latestModels.beside(await client.list()) }),
  );

  app.get(
    '/datasets/:name',
    {
      schema: {
        tags,
        summary: 'Progress of the latest run',
        params: datasetParams,
        response: { 200: progressSchema, ...problems(404, 409, 503) },
      },
    },
    async ({ params }) => await client.progress(params.name),
  );

  app.get(
    '/datasets/:name/events',
    {
      exposeHeadRoute: false,
      schema: {
        tags,
        summary: 'Progress of the latest run as server-sent events',
        params: datasetParams,
        response: {
          200: bodyOf('text/event-stream', 'Events `progress`, `unavailable` and `problem`, data in JSON'),
          ...problems(404, 409, 503),
        },
      },
    },
    async ({ params }, reply) => {
      const stream = new PassThrough();
      const left = new AbortController();
      stream.once('close', () => left.abort());
      const events = watchers.follow(params.name, left.signal);
      // Waits for the first event: a dataset without a run gets a problem document, not a stream.
      const first = await events.next();
      sendEvents(stream, first, events, left.signal);
      return await reply
        .header('content-type', 'text/event-stream')
        .header('cache-control', 'no-store')
        .header('x-accel-buffering', 'no')
        .send(stream);
    },
  );

  app.get(
    '/datasets/:name/history',
    {
      schema: {
        tags,
        summary: 'Runs and versions of a dataset, newest first',
        params: datasetParams,
        response: { 200: historySchema, ...problems(503) },
      },
    },
    async ({ params }) => await client.history(params.name),
  );

  app.get(
    '/datasets/:name/workflow',
    {
      schema: {
        tags,
        summary: "URL of the latest run in Temporal's UI",
        params: datasetParams,
        response: { 200: workflowSchema, ...problems(404, 409, 503) },
      },
    },
    async ({ params }) => ({ url: workflowUrl(await client.progress(params.name)) }),
  );

  app.post(
    '/datasets/:name/approval',
    {
      schema: {
        tags,
        summary: 'Approve or reject the training that a run waits for',
        description:
          'A repeated decision returns the first one; the opposite decision returns 409. 503: no worker responded in time, send the same decision again.',
        params: datasetParams,
        body: z.object({
          decision: z.enum(['approve', 'reject']),
          by: z.string().trim().min(1).max(MAX_NAME_CHARACTERS).describe('Name of the person who decides'),
          note: z.string().max(MAX_NOTE_CHARACTERS).default('').describe('Recorded in the model card'),
        }),
        response: { 200: approvalSchema, ...problems(404, 409, 503) },
      },
    },
    async ({ params, body }) => {
      const { decision, by, note } = body;
      return await client.decide(params.name, decision, { by, note });
    },
  );

  app.post(
    '/datasets/:name/cancel',
    {
      schema: {
        tags,
        summary: 'Cancel the latest run',
        description:
          'Returns the progress document once the run has ended. A training that Rekognition has accepted continues.',
        params: datasetParams,
        response: { 200: progressSchema, ...problems(404, 409, 503) },
      },
    },
    async ({ params }) => {
      await client.cancel(params.name);
      return await client.progress(params.name);
    },
  );
}

/** Writes events until the run ends or the client disconnects. After the first byte a failure can only be an event. */
function sendEvents(
  stream: PassThrough,
  first: IteratorResult<WatchEvent, unknown>,
  rest: AsyncGenerator<WatchEvent>,
  left: AbortSignal,
): void {
  const heartbeat = setInterval(() => stream.write(': keep-alive\n\n'), HEARTBEAT_MS);
  left.addEventListener('abort', () => clearInterval(heartbeat), { once: true });
  const send = async () => {
    for (let step = first; !step.done; step = await rest.next()) {
      if (!stream.write(eventOf(step.value))) await once(stream, 'drain', { signal: left });
    }
  };
  send()
    .catch((error: unknown) => {
      const { status, detail } = describeProblem(error);
      if (!left.aborted) stream.write(textOf('problem', JSON.stringify(problemDocument(status, detail))));
    })
    .finally(() => {
      clearInterval(heartbeat);
      stream.end();
    });
}

function eventOf(event: WatchEvent): string {
  return event.kind === 'progress'
    ? textOf('progress', event.document)
    : textOf('unavailable', JSON.stringify({ detail: event.message }));
}

const textOf = (event: string, data: string) => `event: ${event}\ndata: ${data}\n\n`;
