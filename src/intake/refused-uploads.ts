import { uploadSha256 } from '../dataset/model/identity.js';
import { landingPrefix, ledgerPrefix, refusedKeyBeside } from '../dataset/model/layout.js';
import { byCodePoint } from '../lib/order.js';
import type { ListedObject, ObjectStore } from '../storage/object-store.js';

/** An upload that was refused with a message to its sender, and that nobody has ingested since. */
export interface RefusedUpload {
  readonly dataset: string;
  readonly key: string;
  /** When it was refused, ISO 8601. */
  readonly refused: string;
}

/**
 * Finds refused uploads by their marks under landing/, oldest first. Reads listings only, because whoever may look at
 * datasets may not read landing/.
 * @param dataset absent for all datasets
 */
export async function refusedUploads(
  store: ObjectStore,
  bucket: string,
  dataset?: string,
): Promise<RefusedUpload[]> {
  const objects = new Map<string, ListedObject>();
  const prefix = dataset === undefined ? landingPrefix : `${landingPrefix}${dataset}/`;
  for await (const object of store.list(bucket, prefix)) objects.set(object.key, object);
  const found: RefusedUpload[] = [];
  for (const upload of objects.values()) {
    const mark = objects.get(refusedKeyBeside(upload.key));
    // A later object at the same key was not refused.
    if (!mark || upload.modified > mark.modified) continue;
    const [, name = ''] = upload.key.split('/');
    const known = await ledgerOf(store, bucket, name);
    if (known.has(uploadSha256({ bucket, ...upload }))) continue;
    found.push({ dataset: name, key: upload.key, refused: mark.modified.toISOString() });
  }
  return found.sort((a, b) => byCodePoint(a.refused, b.refused) || byCodePoint(a.key, b.key));
}

/** Returns the SHA-256 of every upload in the dataset's ledger. */
export async function ledgerOf(store: ObjectStore, bucket: string, dataset: string): Promise<Set<string>> {
  const known = new Set<string>();
  const prefix = ledgerPrefix(dataset);
  for await (const { key } of store.list(bucket, prefix)) {
    known.add(key.slice(prefix.length).replace(/\.json$/, ''));
  }
  return known;
}
