import { createHash } from 'node:crypto';
import { z } from 'zod';
import { datasetSettingsSchema } from '../config/settings.js';
import type { Upload } from '../contracts/workflow-io.js';
import { canonicalJson } from '../dataset/model/identity.js';
import { landingKey, refusedKeyBeside, requestKey } from '../dataset/model/layout.js';
import type { DatasetSettings } from '../dataset/model/settings.js';
import type { Input } from '../input/input.js';
import { namedObject } from '../input/s3-object.js';
import { hashOf, statOf } from '../lib/files.js';
import { s3Uri } from '../lib/s3-uri.js';
import { SMALL_JSON_BYTES } from '../storage/json.js';
import type { ObjectStore } from '../storage/object-store.js';
import { uploadResumably } from '../storage/resumable-upload.js';

/** `request.json` beside an upload: the dataset and the settings that it was uploaded for. */
export const requestSchema = z.object({
  dataset: z.string(),
  settings: datasetSettingsSchema,
  /** Total bytes of a multipart upload; absent for other uploads. */
  bytes: z.int().positive().optional(),
});
export type UploadRequest = z.infer<typeof requestSchema>;

interface LandRequest {
  readonly dataset: string;
  readonly settings: DatasetSettings;
  /** Called before the input is sent; an error prevents that. Not called if the input is there already. */
  readonly beforeSending?: () => Promise<void>;
}

/** The mark of a refused upload: another object at the same key is not refused. */
const refusedSchema = z.object({ etag: z.string() });

/** Marks an upload that was refused with a message to its sender: no event and no sweep starts it later. */
export async function markRefused(store: ObjectStore, { bucket, key, etag }: Upload): Promise<void> {
  await store.putJson(bucket, refusedKeyBeside(key), `${JSON.stringify({ etag })}\n`);
}

/** Whether the upload was refused with a message to its sender. */
export async function wasRefused(store: ObjectStore, { bucket, key, etag }: Upload): Promise<boolean> {
  const options = { maxBytes: SMALL_JSON_BYTES };
  return (await store.findJson(bucket, refusedKeyBeside(key), refusedSchema, options))?.etag === etag;
}

/**
 * Uploads a file, or copies an S3 object, to landing/. An input that is there already for the same dataset and settings
 * is not sent again. `onProgress` receives the bytes sent so far and the total, for files only.
 *
 * @throws UsageError if the input does not exist, StorageError if S3 refuses
 */
export async function landInput(
  store: ObjectStore,
  bucket: string,
  input: Input,
  { dataset, settings, beforeSending = async () => {} }: LandRequest,
  onProgress: (bytes: number, total: number) => void,
): Promise<Upload> {
  const request = { dataset, settings };
  return input.kind === 'file'
    ? await uploadFile(store, bucket, input, request, beforeSending, onProgress)
    : await copyObject(store, bucket, input, request, beforeSending);
}

async function uploadFile(
  store: ObjectStore,
  bucket: string,
  { path, name }: { path: string; name: string },
  request: LandRequest,
  beforeSending: () => Promise<void>,
  onProgress: (bytes: number, total: number) => void,
): Promise<Upload> {
  const { size } = await statOf(path);
  const sha256 = await hashOf(path);
  const { key, requestAt } = landingKeys(name, { sha256 }, request);
  const existing = await store.head(bucket, key);
  if (existing?.bytes === size && existing.metadata.sha256 === sha256) {
    return { bucket, key, etag: existing.etag, bytes: size };
  }
  await beforeSending();
  await putRequest(store, bucket, requestAt, request);
  const file = { bucket, key, path, bytes: size, metadata: { sha256 } };
  await uploadResumably(store.client, file, (bytes) => onProgress(bytes, size));
  const written = await store.head(bucket, key);
  if (written?.bytes !== size) throw new Error(`${path} changed during the upload: upload it again.`);
  return { bucket, key, etag: written.etag, bytes: size };
}

/** Copies inside S3, so that a later change of the source does not affect the upload. */
async function copyObject(
  store: ObjectStore,
  bucket: string,
  source: { bucket: string; key: string; name: string },
  request: LandRequest,
  beforeSending: () => Promise<void>,
): Promise<Upload> {
  const object = await namedObject(store, source);
  const { etag } = object;
  const content = { bucket: source.bucket, key: source.key, etag };
  const { key, requestAt } = landingKeys(source.name, content, request);
  const existing = await store.head(bucket, key);
  if (existing?.bytes !== object.bytes) {
    await beforeSending();
    await putRequest(store, bucket, requestAt, request);
    await store.copy(bucket, source.key, key, { from: source.bucket, ifMatch: etag });
  }
  const written = await store.head(bucket, key);
  if (!written)
    throw new Error(`${s3Uri({ bucket, key })} was deleted after it was written: ingest it again.`);
  return { bucket, key, etag: written.etag, bytes: written.bytes };
}

/** The same content with the same request has the same keys, so that the ledger recognises the upload. */
function landingKeys(
  name: string,
  content: Readonly<Record<string, string>>,
  { dataset, settings }: LandRequest,
): { key: string; requestAt: string } {
  const id = createHash('sha256')
    .update(canonicalJson({ ...content, dataset, settings }))
    .digest('hex')
    .slice(0, 16);
  return { key: landingKey(dataset, id, safeName(name)), requestAt: requestKey(dataset, id) };
}

/** Writes the request.json of an upload to `key`. */
export async function putRequest(
  store: ObjectStore,
  bucket: string,
  key: string,
  request: UploadRequest,
): Promise<void> {
  await store.putJson(bucket, key, `${JSON.stringify(request, null, 2)}\n`);
}

/** Some servers limit a segment of a key to 255 bytes. */
const MAX_STEM = 200;

/** Makes a file name safe for a key that people copy into shells and URLs. The result ends in `.zip`. */
export function safeName(name: string): string {
  const stem = name
    .replace(/\.zip$/i, '')
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-.]+/, '')
    .slice(0, MAX_STEM);
  return `${stem || 'dataset'}.zip`;
}
