import type { DatasetSettings } from '../../../src/dataset/model/settings.js';
import { ApiError, api } from '../api.js';
import { type Patience, persist } from './persist.js';
import { put } from './put.js';
import { findUnfinished, forget, remember, type Unfinished } from './unfinished.js';

export interface UploadOptions extends Patience {
  readonly file: File;
  readonly dataset: string;
  readonly settings: DatasetSettings;
  /** Bytes that are there so far, those of an earlier attempt included. */
  readonly onSent: (bytes: number) => void;
}

/** From here an upload goes in parts, so that it can go on after an interruption. */
const IN_PARTS_FROM_BYTES = 16 * 1024 * 1024;
const PARTS_AT_ONCE = 3;

/** What is there already: a run that couldn't start is tried again without sending the bytes again. */
const uploaded = new WeakMap<File, { readonly dataset: string; readonly key: string }>();

/** Uploads and starts the run. What the network does is waited out; what the endpoint refuses throws ApiError. */
export async function uploadAndStart(options: UploadOptions): Promise<void> {
  const { file, dataset, settings } = options;
  const before = uploaded.get(file);
  const key = before?.dataset === dataset ? before.key : await upload(options);
  uploaded.set(file, { dataset, key });
  forget(key);
  await persist(options, () => api.notify({ key, dataset, settings }));
}

async function upload(options: UploadOptions): Promise<string> {
  const { file, dataset } = options;
  const begun = findUnfinished(file, dataset);
  const there = begun && (await partsThere(options, begun));
  if (there) return await uploadParts(options, begun, there);

  const multipart = file.size >= IN_PARTS_FROM_BYTES ? 'true' : '';
  const query = { filename: file.name, size: file.size, dataset, multipart };
  const presigned = await persist(options, () => api.presign(query));
  if ('multipart' in presigned) {
    const { name, size, lastModified: modified } = file;
    const started = { name, size, modified, dataset, key: presigned.key, ...presigned.multipart };
    remember(started);
    return await uploadParts(options, started, new Set());
  }
  return await persist(options, async (again) => {
    // The URL of the first try may have expired while the network was away.
    const signed = again ? await api.presign(query) : presigned;
    if ('multipart' in signed)
      throw new ApiError(409, 'The endpoint opened another kind of upload. Try again.');
    const { url, headers } = signed;
    await put({ ...{ url, headers, body: file }, signal: options.signal, onSent: options.onSent });
    return signed.key;
  });
}

/** Undefined where there is no such upload any more: it was completed, or given up for its age. */
async function partsThere(
  options: UploadOptions,
  { key, uploadId }: Unfinished,
): Promise<ReadonlySet<number> | undefined> {
  try {
    const parts = await persist(options, () => api.uploadedParts({ key, uploadId }));
    return new Set(parts.map(({ part }) => part));
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    forget(key);
    return undefined;
  }
}

async function uploadParts(
  options: UploadOptions,
  { key, uploadId, partBytes, parts }: Unfinished,
  there: ReadonlySet<number>,
): Promise<string> {
  const { file, signal, onSent } = options;
  const sent = new Map<number, number>();
  const tell = (part: number, bytes: number) => {
    sent.set(part, bytes);
    onSent([...sent.values()].reduce((sum, n) => sum + n, 0));
  };
  const bodyOf = (part: number) => file.slice((part - 1) * partBytes, part * partBytes);
  const all = Array.from({ length: parts }, (_, i) => i + 1);
  for (const part of there) tell(part, bodyOf(part).size);

  const queue = all.filter((part) => !there.has(part));
  const sendPart = (part: number) =>
    persist(options, async () => {
      const [signed] = await api.signParts({ key, uploadId, parts: [part] });
      const { url = '', headers } = signed ?? {};
      const body = bodyOf(part);
      await put({ ...{ url, headers, body, signal }, onSent: (bytes) => tell(part, bytes) });
      tell(part, body.size);
    });
  const sendNext = async () => {
    for (let part = queue.shift(); part !== undefined; part = queue.shift()) await sendPart(part);
  };
  await Promise.all(Array.from({ length: PARTS_AT_ONCE }, sendNext));
  await persist(options, () => api.complete({ key, uploadId }));
  return key;
}
