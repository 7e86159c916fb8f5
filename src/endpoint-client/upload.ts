import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { z } from 'zod';
import { RefusedError } from '../client/errors.js';
import { hashOf } from '../lib/files.js';
import { callEndpoint, type RemoteEndpoint } from './call.js';
import { type Unfinished, UnfinishedUpload } from './unfinished-upload.js';

/** From here a file goes in parts, so that its upload can go on after an interruption. */
const IN_PARTS_FROM_BYTES = 16 * 1024 * 1024;
const PARTS_AT_ONCE = 4;
const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 500;

const signedSchema = z.object({ url: z.string(), headers: z.record(z.string(), z.string()) });
const wholeSchema = signedSchema.extend({ key: z.string() });
const openedSchema = z.object({
  key: z.string(),
  multipart: z.object({ uploadId: z.string(), partBytes: z.number(), parts: z.number() }),
});
const signedPartsSchema = z.object({ parts: z.array(signedSchema).length(1) });
const partsThereSchema = z.array(z.object({ part: z.number(), bytes: z.number() }));

export interface EndpointUpload {
  readonly endpoint: RemoteEndpoint;
  readonly path: string;
  readonly size: number;
  readonly filename: string;
  readonly dataset: string;
  /** Where unfinished uploads are remembered. */
  readonly home: string;
  /** Gets the bytes that are there so far, those of an interrupted upload included. */
  readonly onProgress: (bytes: number) => void;
}

/** Uploads by URLs that the endpoint signs, large files in parts; answers the key. */
export async function uploadByEndpoint(upload: EndpointUpload): Promise<string> {
  return upload.size < IN_PARTS_FROM_BYTES ? await uploadWhole(upload) : await uploadInParts(upload);
}

async function uploadWhole(upload: EndpointUpload): Promise<string> {
  const { key, ...signed } = await presign(upload, {}, wholeSchema);
  await put(signed, upload, { start: 0, end: upload.size }, upload.onProgress);
  return key;
}

/** Goes on with an upload of the same content that was interrupted, where there is one. */
async function uploadInParts(upload: EndpointUpload): Promise<string> {
  const { endpoint, dataset, path, home } = upload;
  const memory = new UnfinishedUpload(home, { endpoint: endpoint.url, dataset, sha256: await hashOf(path) });
  const begun = await memory.recall();
  const there = begun && (await partsThere(endpoint, begun));
  if (there) return await sendParts(upload, memory, begun, there);
  const { key, multipart } = await presign(upload, { multipart: 'true' }, openedSchema);
  const opened = { key, ...multipart };
  await memory.remember(opened);
  return await sendParts(upload, memory, opened, new Map());
}

async function presign<T>(
  { endpoint, size, filename, dataset }: EndpointUpload,
  how: Readonly<Record<string, string>>,
  schema: z.ZodType<T>,
): Promise<T> {
  const search = new URLSearchParams({ filename, dataset, size: String(size), ...how });
  return await callEndpoint(endpoint, `data-presign?${search}`, schema);
}

/** Bytes by part; undefined where there is no such upload any more: it was completed, or given up for its age. */
async function partsThere(
  endpoint: RemoteEndpoint,
  { key, uploadId }: Unfinished,
): Promise<ReadonlyMap<number, number> | undefined> {
  try {
    const query = new URLSearchParams({ key, uploadId });
    const parts = await callEndpoint(endpoint, `uploads/parts?${query}`, partsThereSchema);
    return new Map(parts.map(({ part, bytes }) => [part, bytes]));
  } catch (error) {
    if (error instanceof RefusedError) return undefined;
    throw error;
  }
}

/** Sends the parts that aren't there, and makes all of them one object. */
async function sendParts(
  upload: EndpointUpload,
  memory: UnfinishedUpload,
  opened: Unfinished,
  there: ReadonlyMap<number, number>,
): Promise<string> {
  const { endpoint, size, onProgress } = upload;
  const { key, uploadId, partBytes, parts } = opened;
  const sent = new Map<number, number>();
  const tell = (part: number, bytes: number) => {
    sent.set(part, bytes);
    onProgress([...sent.values()].reduce((sum, done) => sum + done, 0));
  };
  const limit = pLimit(PARTS_AT_ONCE);
  const sendOrKeep = async (part: number) => {
    const start = (part - 1) * partBytes;
    const range = { start, end: Math.min(size, start + partBytes) };
    if (there.get(part) === range.end - start) return tell(part, range.end - start);
    await limit(() =>
      persistently(() => sendPart(upload, opened, { part, ...range }, (bytes) => tell(part, bytes))),
    );
  };
  try {
    await Promise.all(Array.from({ length: parts }, (_, i) => sendOrKeep(i + 1)));
  } catch (error) {
    // What is on its way arrives and needn't be sent again; nothing else is begun.
    limit.clearQueue();
    throw error;
  }
  await callEndpoint(endpoint, 'uploads/complete', z.object({ bytes: z.literal(size) }), { key, uploadId });
  await memory.forget();
  return key;
}

/** By a URL of its own each time: that of an attempt before may have expired. */
async function sendPart(
  upload: EndpointUpload,
  { key, uploadId }: Unfinished,
  { part, ...range }: { part: number; start: number; end: number },
  onProgress: (bytes: number) => void,
): Promise<void> {
  const { parts: signed } = await callEndpoint(upload.endpoint, 'uploads/parts', signedPartsSchema, {
    ...{ key, uploadId, parts: [part] },
  });
  for (const one of signed) await put(one, upload, range, onProgress);
}

async function persistently(work: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await delay(FIRST_PAUSE_MS * 2 ** (attempt - 1));
    }
  }
}

/** Sends a range of the file; `end` is exclusive. */
async function put(
  { url, headers }: z.infer<typeof signedSchema>,
  { path }: EndpointUpload,
  { start, end }: { start: number; end: number },
  onProgress: (bytes: number) => void,
): Promise<void> {
  let sent = 0;
  const file = createReadStream(path, { start, end: end - 1 }).on('data', (chunk) => {
    sent += chunk.length;
    onProgress(sent);
  });
  const response = await fetch(url, {
    method: 'PUT',
    headers,
    body: Readable.toWeb(file) as ReadableStream,
    duplex: 'half',
  } as RequestInit).catch((error: unknown) => {
    throw new RefusedError(`The upload was cut short: ${String(error)}`);
  });
  if (!response.ok) throw new RefusedError(`The upload was refused with status ${response.status}.`);
}
