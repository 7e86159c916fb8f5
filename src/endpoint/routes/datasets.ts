import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { z } from 'zod';
import { type App, type Doors, datasetParams } from '../app.js';
import { describeProblem, problemDocument } from '../problems.js';
import type { News } from '../watchers.js';

const HEARTBEAT_MS = 15_000;
const tags = ['datasets'];

/** Runs: looked at, followed, decided about, cancelled. */
export function datasetRoutes(app: App, { client, watchers, workflowUrl }: Doors): void {
  app.get(
    '/datasets',
    { schema: { tags, summary: 'The newest run of each dataset, newest first' } },
    async () => ({ datasets: await client.list() }),
  );

  app.get(
    '/datasets/:name',
    { schema: { tags, summary: 'How far the newest run is', params: datasetParams } },
    async ({ params }) => await client.progress(params.name),
  );

  app.get(
    '/datasets/:name/events',
    {
      exposeHeadRoute: false,
      schema: { tags, summary: 'The same as server-sent events, on each change', params: datasetParams },
    },
    async ({ params }, reply) => {
      const stream = new PassThrough();
      const left = new AbortController();
      stream.once('close', () => left.abort());
      const news = watchers.follow(params.name, left.signal);
      // A dataset without a run is a problem document, not a stream.
      const first = await news.next();
      sendEvents(stream, first, news, left.signal);
      return await reply
        .header('content-type', 'text/event-stream')
        .header('cache-control', 'no-store')
        .header('x-accel-buffering', 'no')
        .send(stream);
    },
  );

  app.get(
    '/datasets/:name/workflow',
    { schema: { tags, summary: 'Where the Temporal UI shows the newest run', params: datasetParams } },
    async ({ params }) => ({ url: workflowUrl(await client.progress(params.name)) }),
  );

  app.post(
    '/datasets/:name/approval',
    {
      schema: {
        tags,
        summary: 'Decide about the training that the run waits with',
        params: datasetParams,
        body: z.object({
          decision: z.enum(['approve', 'reject']),
          by: z.string().trim().min(1).max(200),
          note: z.string().max(2000).default(''),
        }),
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
        summary: 'Cancel the run; a training that the service has accepted goes on',
        params: datasetParams,
      },
    },
    async ({ params }) => {
      await client.cancel(params.name);
      return await client.progress(params.name);
    },
  );
}

/** Writes events until the news or the connection end; a failure in their midst can only be told as an event. */
function sendEvents(
  stream: PassThrough,
  first: IteratorResult<News, unknown>,
  rest: AsyncGenerator<News>,
  left: AbortSignal,
): void {
  const heartbeat = setInterval(() => stream.write(': still here\n\n'), HEARTBEAT_MS);
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

function eventOf(news: News): string {
  return news.kind === 'progress'
    ? textOf('progress', news.document)
    : textOf('unavailable', JSON.stringify({ detail: news.message }));
}

const textOf = (event: string, data: string) => `event: ${event}\ndata: ${data}\n\n`;
