import { ledgerEntrySchema } from '../contracts/ledger.js';
import { isDatasetName, uploadSha256 } from '../dataset/model/identity.js';
import {
  datasetLandingPrefix,
  datasetPrefix,
  landingPrefix,
  ledgerKey,
  ledgerPrefix,
  refusedKeyBeside,
  requestKeyBeside,
} from '../dataset/model/layout.js';
import { MalformedError } from '../storage/errors.js';
import { SMALL_JSON_BYTES } from '../storage/json.js';
import type { ObjectStore } from '../storage/object-store.js';
import { kindOf, type ObjectKind, recordPrefixes } from './kinds.js';

/** An object that belongs to a dataset. */
export interface DatasetObject {
  readonly key: string;
  readonly bytes: number;
  readonly kind: ObjectKind;
}

/**
 * Lists all objects of a dataset in pages, so that memory does not grow with their number: uploads first, records last.
 * Objects below the prefixes of other datasets are not listed, except uploads that only this dataset has ingested.
 */
export async function* datasetObjects(
  store: ObjectStore,
  bucket: string,
  dataset: string,
): AsyncGenerator<DatasetObject> {
  yield* uploadsElsewhere(store, bucket, dataset);
  for await (const { key, bytes } of store.list(bucket, datasetLandingPrefix(dataset)))
    yield { key, bytes, kind: 'uploads' };
  for await (const { key, bytes } of store.list(bucket, datasetPrefix(dataset))) {
    const kind = kindOf(dataset, key);
    if (kind !== 'records') yield { key, bytes, kind };
  }
  for (const prefix of recordPrefixes(dataset)) {
    for await (const { key, bytes } of store.list(bucket, prefix)) yield { key, bytes, kind: 'records' };
  }
}

/**
 * Uploads that the ledger lists and that do not lie below landing/<dataset>/, with the objects beside them. The next sweep
 * would ingest them again.
 */
async function* uploadsElsewhere(
  store: ObjectStore,
  bucket: string,
  dataset: string,
): AsyncGenerator<DatasetObject> {
  for await (const record of store.list(bucket, ledgerPrefix(dataset))) {
    const upload = await uploadIn(store, bucket, record.key);
    if (upload?.bucket !== bucket || !upload.key.startsWith(landingPrefix)) continue;
    if (upload.key.startsWith(datasetLandingPrefix(dataset))) continue;
    const [, folder = ''] = upload.key.split('/');
    const isShared =
      isDatasetName(folder) && (await store.head(bucket, ledgerKey(folder, uploadSha256(upload))));
    if (isShared) continue;
    for (const key of keysOf(upload.key)) {
      // A listing needs no permission to read uploads.
      for await (const object of store.list(bucket, key))
        if (object.key === key) yield { key, bytes: object.bytes, kind: 'uploads' };
    }
  }
}

/** The keys of an upload and of the objects beside it. A ZIP directly under landing/<folder>/ has no request.json. */
function keysOf(key: string): string[] {
  const upload = [key, refusedKeyBeside(key)];
  return key.split('/').length < 4 ? upload : [...upload, requestKeyBeside(key)];
}

/** The upload of a ledger entry; undefined if the entry cannot be read. */
async function uploadIn(store: ObjectStore, bucket: string, key: string) {
  try {
    const entry = await store.findJson(bucket, key, ledgerEntrySchema, { maxBytes: SMALL_JSON_BYTES });
    return entry?.upload;
  } catch (error) {
    if (error instanceof MalformedError) return undefined;
    throw error;
  }
}
