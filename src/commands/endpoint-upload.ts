import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import pLimit from 'p-limit';
import { z } from 'zod';
import { RefusedError } from '../client/errors.js';
import { callEndpoint } from './endpoint-call.js';

const PARTS_AT_ONCE = 4;
const ATTEMPTS = 5;
const FIRST_PAUSE_MS = 500;

const signedSchema = z.object({ url: z.string(), headers: z.record(z.string(), z.string()) });
const presignedSchema = z.union([
  signedSchema.extend({ key: z.string() }),
  z.object({
    key: z.string(),
    multipart: z.object({ uploadId: z.string(), partBytes: z.number(), parts: z.number() }),
  }),
]);
const partsSchema = z.object({ parts: z.array(signedSchema).length(1) });

export interface EndpointUpload {
  readonly endpoint: string;
  readonly path: string;
  readonly size: number;
  /** Gets the bytes that have been sent so far. */
  readonly onProgress: (bytes: number) => void;
}

/** Uploads by URLs that the endpoint signs, large files in parts; answers the key. */
export async function uploadByEndpoint(
  upload: EndpointUpload,
  query: { filename: string; dataset: string; multipart?: 'true' },
): Promise<string> {
  const { endpoint, size, onProgress } = upload;
  const search = new URLSearchParams({ ...query, size: String(size) });
  const presigned = await callEndpoint(endpoint, `data-presign?${search}`, presignedSchema);
  if ('multipart' in presigned) {
    await sendParts(upload, presigned.key, presigned.multipart);
  } else {
    await put(presigned, upload, { start: 0, end: size }, onProgress);
  }
  return presigned.key;
}

/** A part that fails is sent again by a new URL: the old one may have expired. */
async function sendParts(
  upload: EndpointUpload,
  key: string,
  { uploadId, partBytes, parts }: { uploadId: string; partBytes: number; parts: number },
): Promise<void> {
  const { endpoint, size, onProgress } = upload;
  const sent = new Array<number>(parts).fill(0);
  const send = async (part: number) => {
    const start = (part - 1) * partBytes;
    const range = { start, end: Math.min(size, start + partBytes) };
    const { parts: signed } = await callEndpoint(endpoint, 'uploads/parts', partsSchema, {
      ...{ key, uploadId, parts: [part] },
    });
    for (const one of signed) {
      await put(one, upload, range, (bytes) => {
        sent[part - 1] = bytes;
        onProgress(sent.reduce((sum, done) => sum + done, 0));
      });
    }
  };
  const limit = pLimit(PARTS_AT_ONCE);
  await Promise.all(Array.from({ length: parts }, (_, i) => limit(() => persistently(() => send(i + 1)))));
  await callEndpoint(endpoint, 'uploads/complete', z.object({ bytes: z.literal(size) }), { key, uploadId });
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
