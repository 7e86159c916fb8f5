/**
 * The rules of an upload to the endpoint, one set for the command line and the page: what is sent in parts, how many
 * parts at once, what is sent again and how often. Runs in Node and in browsers.
 */

import { errorMessage } from '../lib/error-message.js';

/** Files of this size in bytes and larger are sent in parts, so that an interrupted upload can be resumed. */
export const MULTIPART_FROM_BYTES = 16 * 1024 * 1024;
/**
 * Four connections use most of the available bandwidth even if each starts slowly, and stay below the limit of
 * browsers, which is six per host.
 */
const PARTS_AT_ONCE = 4;
/**
 * With the pauses below, all attempts take nearly a minute: long enough for the endpoint or S3 to restart, short enough
 * to report an outage.
 */
const MAX_ATTEMPTS = 8;
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 20_000;
/** S3 returns 403 for an expired URL, and also for one that will never be accepted. */
const MAX_FORBIDDEN = 3;

/** A multipart upload that was opened: what is needed to resume it later. */
export interface OpenedUpload {
  readonly key: string;
  readonly uploadId: string;
  /** Bytes of each part except the last. */
  readonly partBytes: number;
  readonly parts: number;
}

/** A presigned URL for one PUT request. */
export interface SignedPut {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Bytes of the file from `start` up to but not including `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface Retries {
  /** HTTP status of a failed request, 0 if there was no response; undefined for errors that are not of a request. */
  statusOf(error: unknown): number | undefined;
  /** Waits before the next attempt; a platform that knows that it is offline waits until it is online. */
  pause(milliseconds: number): Promise<void>;
  /** Called with the reason before each pause, and with null once a request succeeds again. */
  onWaiting?(reason: string | null): void;
}

/**
 * The requests and the stored uploads of one platform (command line or page). Failed requests throw errors that
 * `statusOf` knows.
 */
export interface UploadTransport extends Retries {
  /** Bytes of the file. */
  readonly size: number;
  /** Called with the number of bytes that S3 has so far, including those of an interrupted upload. */
  onProgress(bytes: number): void;
  presign(): Promise<SignedPut & { readonly key: string }>;
  open(): Promise<OpenedUpload>;
  listParts(upload: OpenedUpload): Promise<readonly { readonly part: number; readonly bytes: number }[]>;
  signPart(upload: OpenedUpload, part: number): Promise<SignedPut>;
  put(signed: SignedPut, range: ByteRange, onSent: (bytes: number) => void): Promise<void>;
  complete(upload: OpenedUpload): Promise<void>;
  /** An earlier upload of the same file that was not completed. */
  recall(): Promise<OpenedUpload | undefined>;
  remember(upload: OpenedUpload): Promise<void>;
  forget(upload: OpenedUpload): Promise<void>;
}

/**
 * Uploads a file, in parts if it is large, and returns its key. Resumes an earlier upload of the same file.
 * @throws the error of the last attempt; a later call resumes the upload
 */
export async function uploadFile(transport: UploadTransport): Promise<string> {
  if (transport.size < MULTIPART_FROM_BYTES) return await uploadWhole(transport);
  const earlier = await transport.recall();
  const present = earlier && (await presentParts(transport, earlier));
  if (present) return await uploadParts(transport, earlier, present);
  const opened = await withRetries(transport, () => transport.open());
  await transport.remember(opened);
  return await uploadParts(transport, opened, new Map());
}

/** Repeats `work` after temporary failures: no connection, a busy or restarting server, an expired URL. */
export async function withRetries<T>(retries: Retries, work: () => Promise<T>): Promise<T> {
  let pauseMs = FIRST_PAUSE_MS;
  for (let attempt = 1; ; attempt += 1) {
    try {
      const result = await work();
      if (attempt > 1) retries.onWaiting?.(null);
      return result;
    } catch (error) {
      const status = retries.statusOf(error);
      const mayPass = status !== undefined && isTransient(status, attempt);
      if (!mayPass || attempt === MAX_ATTEMPTS) throw error;
      retries.onWaiting?.(errorMessage(error));
      await retries.pause(pauseMs);
      pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 2);
    }
  }
}

const isTransient = (status: number, attempt: number) =>
  status === 0 || status === 429 || status >= 500 || (status === 403 && attempt < MAX_FORBIDDEN);

/** Each attempt gets a URL of its own: that of an earlier attempt may have expired. */
async function uploadWhole(transport: UploadTransport): Promise<string> {
  const { size, onProgress } = transport;
  return await withRetries(transport, async () => {
    const { key, ...signed } = await transport.presign();
    await transport.put(signed, { start: 0, end: size }, onProgress);
    return key;
  });
}

/** Bytes by part; undefined if the upload does not exist any more: it was completed, or removed because of its age. */
async function presentParts(
  transport: UploadTransport,
  upload: OpenedUpload,
): Promise<ReadonlyMap<number, number> | undefined> {
  try {
    const parts = await withRetries(transport, () => transport.listParts(upload));
    return new Map(parts.map(({ part, bytes }) => [part, bytes]));
  } catch (error) {
    const status = transport.statusOf(error);
    if (status === undefined || status < 400 || status >= 500 || status === 401) throw error;
    await transport.forget(upload);
    return undefined;
  }
}

/** Uploads the parts that are not present with all their bytes, then completes the upload. */
async function uploadParts(
  transport: UploadTransport,
  upload: OpenedUpload,
  present: ReadonlyMap<number, number>,
): Promise<string> {
  const sent = new Map<number, number>();
  const report = (part: number, bytes: number) => {
    sent.set(part, bytes);
    transport.onProgress([...sent.values()].reduce((sum, n) => sum + n, 0));
  };
  const queue: { readonly part: number; readonly range: ByteRange }[] = [];
  for (let part = 1; part <= upload.parts; part += 1) {
    const start = (part - 1) * upload.partBytes;
    const range = { start, end: Math.min(transport.size, start + upload.partBytes) };
    if (present.get(part) === range.end - start) report(part, range.end - start);
    else queue.push({ part, range });
  }
  const uploadQueued = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { part, range } = next;
      await withRetries(transport, async () => {
        const signed = await transport.signPart(upload, part);
        await transport.put(signed, range, (bytes) => report(part, bytes));
        report(part, range.end - range.start);
      });
    }
  };
  try {
    await Promise.all(Array.from({ length: PARTS_AT_ONCE }, uploadQueued));
  } catch (error) {
    // Parts in progress may still arrive and need not be sent again; no other part is started.
    queue.length = 0;
    throw error;
  }
  await withRetries(transport, () => transport.complete(upload));
  await transport.forget(upload);
  return upload.key;
}
