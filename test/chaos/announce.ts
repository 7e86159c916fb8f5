import { landingKey } from '../../src/dataset/model/layout.js';
import type { Services } from './services.js';

/** Uploads an archive as a dataset; returns its key. */
export async function upload({ store, bucket }: Services, dataset: string, archive: Buffer): Promise<string> {
  const key = landingKey(dataset, 'chaos', 'archive.zip');
  await store.put(bucket, key, archive);
  return key;
}

/** Announces an upload once, by its sender, until the endpoint has accepted it. */
export async function announceOnce(services: Services, dataset: string, key: string): Promise<void> {
  while ((await notify(services, dataset, key)) !== 202);
}

/** Announces an upload by its sender and by S3 events, `count` times at once. */
export async function announceOften(
  services: Services,
  dataset: string,
  key: string,
  count: number,
): Promise<void> {
  const doors = [notify, sendEvent];
  const all = Array.from({ length: count }, (_, n) => doors[n % doors.length]?.(services, dataset, key));
  await Promise.all(all);
  // Refused ones are sent again, as senders do.
  await announceOnce(services, dataset, key);
}

async function notify({ endpoint }: Services, dataset: string, key: string): Promise<number> {
  return await post(`${endpoint}/notify-upload`, { key, dataset });
}

async function sendEvent({ endpoint, bucket }: Services, _dataset: string, key: string): Promise<number> {
  const s3 = { bucket: { name: bucket }, object: { key } };
  return await post(`${endpoint}/s3-events`, { Records: [{ eventName: 'ObjectCreated:Put', s3 }] });
}

async function post(url: string, body: unknown): Promise<number> {
  const headers = { 'content-type': 'application/json' };
  return await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) }).then(
    ({ status }) => status,
    () => 0,
  );
}
