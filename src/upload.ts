import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import { datasetSettingsSchema, UsageError } from './config.js';
import type { Upload } from './contracts.js';
import { canonicalJson } from './dataset/identity.js';
import { landingKey, requestKey } from './dataset/layout.js';
import type { DatasetSettings } from './dataset/settings.js';
import type { ObjectStore } from './storage/object-store.js';

/** `request.json` beside an upload: what it was uploaded for. */
export const requestSchema = z.object({ dataset: z.string(), settings: datasetSettingsSchema });

/** Uploads a ZIP under landing/, unless the same file for the same dataset and settings is there already. */
export async function uploadArchive(
  store: ObjectStore,
  bucket: string,
  request: { path: string; dataset: string; settings: DatasetSettings },
  onProgress: (bytes: number, total: number) => void,
): Promise<Upload> {
  const { path, dataset, settings } = request;
  const { size } = await statOf(path);
  const sha256 = await hashOf(path);
  const id = createHash('sha256')
    .update(canonicalJson({ sha256, dataset, settings }))
    .digest('hex')
    .slice(0, 16);
  const key = landingKey(dataset, id, safeName(basename(path)));
  const existing = await store.head(bucket, key);
  if (existing?.bytes === size && existing.metadata.sha256 === sha256) {
    return { bucket, key, etag: existing.etag, bytes: size };
  }
  await store.put(bucket, requestKey(dataset, id), `${JSON.stringify({ dataset, settings }, null, 2)}\n`, {
    contentType: 'application/json',
  });
  await store.putStream(bucket, key, createReadStream(path), {
    contentType: 'application/zip',
    metadata: { sha256 },
    onProgress: (bytes) => onProgress(bytes, size),
  });
  const written = await store.head(bucket, key);
  if (written?.bytes !== size) throw new Error(`${path} changed while it was uploaded: upload it again.`);
  return { bucket, key, etag: written.etag, bytes: size };
}

/** @throws UsageError where there is no such file */
export async function statOf(path: string): Promise<{ size: number }> {
  const file = await stat(path).catch(() => undefined);
  if (!file?.isFile()) throw new UsageError(`${path}: there is no such file.`);
  if (file.size === 0) throw new UsageError(`${path} is empty.`);
  return { size: file.size };
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

/** A segment of a key has 255 bytes on some servers. */
const MAX_STEM = 200;

/** File names become part of a key that people copy into shells and URLs. */
export function safeName(name: string): string {
  const stem = name
    .replace(/\.zip$/i, '')
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-.]+/, '')
    .slice(0, MAX_STEM);
  return `${stem || 'dataset'}.zip`;
}
