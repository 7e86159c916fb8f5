import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { RefusedError } from '../client/errors.js';
import { UsageError } from '../config.js';
import type { Progress } from '../contracts.js';
import { safeName, statOf } from '../upload.js';
import type { Door } from './ingest.js';
import type { ProgressDisplay } from './output/progress.js';

const presignedSchema = z.object({
  url: z.string(),
  key: z.string(),
  headers: z.record(z.string(), z.string()),
});
const startedSchema = z.object({ workflowId: z.string(), runId: z.string() });
const POLL_MS = 1_000;

/** Presign, upload, notify, watch: everything through the HTTP endpoint, without AWS or Temporal credentials. */
export function endpointDoor(endpoint: string): Door {
  return {
    begin: async ({ dataset, settings }, input, display) => {
      if (input.kind === 'object') {
        throw new UsageError('--endpoint uploads from this machine: an object of S3 needs S3 itself.');
      }
      const { path, name } = input;
      const { size } = await statOf(path);
      const query = new URLSearchParams({ filename: safeName(name), size: String(size), dataset });
      const presigned = await call(new URL(`data-presign?${query}`, base(endpoint)), {}, presignedSchema);
      await putFile(presigned, path, size, display);
      const body = JSON.stringify({ key: presigned.key, dataset, settings });
      const notify = new URL('notify-upload', base(endpoint));
      const { workflowId, runId } = await call(notify, { method: 'POST', body }, startedSchema);
      return { kind: 'started', dataset, workflowId, runId };
    },
    steps: (dataset) => poll(new URL(`datasets/${dataset}`, base(endpoint))),
  };
}

async function* poll(url: URL): AsyncGenerator<Progress> {
  for (;;) {
    yield await call(url, {}, z.custom<Progress>());
    await delay(POLL_MS);
  }
}

async function putFile(
  { url, headers }: z.infer<typeof presignedSchema>,
  path: string,
  size: number,
  display: ProgressDisplay,
): Promise<void> {
  const file = createReadStream(path);
  let sent = 0;
  const counted = Readable.from(file).on('data', (chunk: Buffer) => {
    sent += chunk.length;
    display.counted('uploading', sent, size, 'bytes');
  });
  const response = await fetch(url, {
    method: 'PUT',
    headers,
    body: Readable.toWeb(counted) as ReadableStream,
    duplex: 'half',
  } as RequestInit);
  if (!response.ok) throw new RefusedError(`The upload was refused with status ${response.status}.`);
}

async function call<T>(url: URL, init: RequestInit, schema: z.ZodType<T>): Promise<T> {
  const token = process.env.CURATOR_TOKEN;
  const headers = {
    'content-type': 'application/json',
    ...(token ? { authorization: `Bearer ${token}` } : {}),
  };
  const response = await fetch(url, { ...init, headers }).catch((error: unknown) => {
    throw new RefusedError(`The endpoint ${url.origin} does not answer: ${String(error)}`);
  });
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    const problem = z.object({ detail: z.string() }).safeParse(body);
    throw new RefusedError(
      problem.success ? problem.data.detail : `The endpoint answered with status ${response.status}.`,
    );
  }
  return schema.parse(body);
}

const base = (endpoint: string) => (endpoint.endsWith('/') ? endpoint : `${endpoint}/`);
