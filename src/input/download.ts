import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RefusedError } from '../client/errors.js';
import { errorMessage } from '../lib/error-message.js';
import { type TemporaryFile, temporaryFile } from '../lib/temporary-file.js';
import { UsageError } from '../lib/usage-error.js';

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|\[::1\]|localhost)$/;
/** Milliseconds without data after which a download fails. */
const SILENCE_MS = 60_000;
const MAX_REDIRECTIONS = 5;

/**
 * Downloads an archive to a temporary file and returns it. Only the command line does this: a server that
 * fetched URLs for its users could be used to reach hosts in its own network.
 * @throws UsageError if the URL is not https, RefusedError if the download fails or is incomplete
 */
export async function downloadArchive(
  url: URL,
  onProgress: (done: number, total: number) => void,
): Promise<TemporaryFile> {
  // The query of an export link may contain a secret key, so messages leave it out.
  const shown = `${url.origin}${url.pathname}`;
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(new Error(`no data for ${SILENCE_MS / 1000} s`)), SILENCE_MS);
  const file = temporaryFile('.zip');
  try {
    const response = await fetchSafely(url, silence.signal);
    if (!response.ok || response.body === null) throw new Error(`status ${response.status}`);
    const length = Number(response.headers.get('content-length') ?? 0);
    const encoded = response.headers.has('content-encoding');
    let done = 0;
    const counted = async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        timer.refresh();
        done += chunk.length;
        onProgress(done, Math.max(done, length));
        yield chunk;
      }
    };
    const out = createWriteStream(file.path, { flags: 'wx', mode: 0o600 });
    await pipeline(Readable.fromWeb(response.body), counted, out, { signal: silence.signal });
    if (length > 0 && !encoded && done !== length)
      throw new Error(`it ended after ${done} of ${length} bytes`);
    return file;
  } catch (error) {
    file.remove();
    if (error instanceof UsageError) throw error;
    throw new RefusedError(
      `${shown} cannot be downloaded: ${reasonOf(error, silence.signal)}. Download it yourself and pass the file.`,
    );
  } finally {
    clearTimeout(timer);
  }
}

/** Follows redirects one by one and checks each URL before it is requested. */
async function fetchSafely(url: URL, signal: AbortSignal): Promise<Response> {
  let next = url;
  for (let hop = 0; hop <= MAX_REDIRECTIONS; hop += 1) {
    refuseUnsafe(next);
    const response = await fetch(next, { signal, redirect: 'manual' });
    const location = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || location === null) return response;
    next = new URL(location, next);
  }
  throw new Error(`it was redirected more than ${MAX_REDIRECTIONS} times`);
}

function refuseUnsafe(url: URL): void {
  if (url.protocol === 'https:' || LOOPBACK.test(url.hostname)) return;
  throw new UsageError(
    `${url.origin} does not use https, so the archive could be changed in transit. Use an https URL.`,
  );
}

function reasonOf(error: unknown, signal: AbortSignal): string {
  const first: unknown = signal.aborted ? signal.reason : error;
  const deepest = first instanceof Error && first.cause instanceof Error ? first.cause : first;
  return errorMessage(deepest);
}
