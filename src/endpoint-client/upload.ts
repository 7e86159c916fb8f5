import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { RefusedError, UnavailableError } from '../client/errors.js';
import { errorMessage } from '../lib/error-message.js';
import { hashOf } from '../lib/files.js';
import { callEndpoint, type RemoteEndpoint } from './call.js';
import {
  type ByteRange,
  MULTIPART_FROM_BYTES,
  type SignedPut,
  type UploadTransport,
  uploadFile,
} from './resumable-upload.js';
import { UnfinishedUpload } from './unfinished-upload.js';

const signedSchema = z.object({ url: z.string(), headers: z.record(z.string(), z.string()) });
const wholeSchema = signedSchema.extend({ key: z.string() });
const openedSchema = z.object({
  key: z.string(),
  multipart: z.object({ uploadId: z.string(), partBytes: z.number(), parts: z.number() }),
});
const signedPartsSchema = z.object({ parts: z.tuple([signedSchema]) });
const uploadedPartsSchema = z.array(z.object({ part: z.number(), bytes: z.number() }));

export interface EndpointUpload {
  readonly endpoint: RemoteEndpoint;
  readonly path: string;
  /** Bytes of the file. */
  readonly size: number;
  readonly filename: string;
  readonly dataset: string;
  /** Folder in which unfinished uploads are recorded. */
  readonly home: string;
  /** Called with the number of bytes that S3 has so far, including those of an interrupted upload. */
  readonly onProgress: (bytes: number) => void;
}

/** A PUT request that S3 refused, or that had no response. */
class PutError extends RefusedError {
  override readonly name = 'PutError';

  constructor(
    /** HTTP status; 0 if there was no response. */
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Uploads a file through URLs that the endpoint signs, and returns its key.
 * @throws RefusedError or UnavailableError; the next call for the same content resumes the upload
 */
export async function uploadByEndpoint(upload: EndpointUpload): Promise<string> {
  return await uploadFile(await transportOf(upload));
}

async function transportOf(upload: EndpointUpload): Promise<UploadTransport> {
  const { endpoint, dataset, path, home, size, filename } = upload;
  // Only an upload in parts can be resumed; hashing a small file for nothing would delay it.
  const sha256 = size < MULTIPART_FROM_BYTES ? '' : await hashOf(path);
  const memory = new UnfinishedUpload(home, { endpoint: endpoint.url, dataset, sha256 });
  const search = { filename, dataset, size: String(size) };
  return {
    size,
    onProgress: upload.onProgress,
    statusOf,
    pause: (milliseconds) => delay(milliseconds),
    presign: () => callEndpoint(endpoint, `data-presign?${new URLSearchParams(search)}`, wholeSchema),
    open: async () => {
      const query = new URLSearchParams({ ...search, multipart: 'true' });
      const { key, multipart } = await callEndpoint(endpoint, `data-presign?${query}`, openedSchema);
      return { key, ...multipart };
    },
    listParts: ({ key, uploadId }) =>
      callEndpoint(endpoint, `uploads/parts?${new URLSearchParams({ key, uploadId })}`, uploadedPartsSchema),
    signPart: async ({ key, uploadId }, part) => {
      const body = { key, uploadId, parts: [part] };
      const { parts } = await callEndpoint(endpoint, 'uploads/parts', signedPartsSchema, body);
      return parts[0];
    },
    put: (signed, range, onSent) => put(signed, path, range, onSent),
    complete: async ({ key, uploadId }) => {
      const completed = z.object({ bytes: z.literal(size) });
      await callEndpoint(endpoint, 'uploads/complete', completed, { key, uploadId });
    },
    recall: () => memory.recall(),
    remember: (opened) => memory.remember(opened),
    forget: () => memory.forget(),
  };
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof PutError) return error.status;
  if (error instanceof UnavailableError) return 0;
  return error instanceof RefusedError ? 400 : undefined;
}

async function put(
  { url, headers }: SignedPut,
  path: string,
  { start, end }: ByteRange,
  onSent: (bytes: number) => void,
): Promise<void> {
  let sent = 0;
  const file = createReadStream(path, { start, end: end - 1 }).on('data', (chunk) => {
    sent += chunk.length;
    onSent(sent);
  });
  const response = await fetch(url, {
    method: 'PUT',
    headers,
    body: Readable.toWeb(file) as ReadableStream,
    duplex: 'half',
  } as RequestInit).catch((error: unknown) => {
    throw new PutError(0, `The connection to S3 was lost during the upload: ${errorMessage(error)}.`);
  });
  if (!response.ok)
    throw new PutError(response.status, `S3 refused the upload with status ${response.status}.`);
}
