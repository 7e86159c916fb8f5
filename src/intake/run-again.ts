import { createHash } from 'node:crypto';
import { NoUploadError, RefusedError } from '../client/errors.js';
import type { StartedRun } from '../client/requests.js';
import type { Upload } from '../contracts/workflow-io.js';
import { canonicalJson } from '../dataset/model/identity.js';
import { landingKey, requestKey } from '../dataset/model/layout.js';
import type { DatasetSettings } from '../dataset/model/settings.js';
import { baseName } from '../lib/base-name.js';
import { s3Uri } from '../lib/s3-uri.js';
import type { ObjectInfo } from '../storage/object-store.js';
import type { Intake } from './intake.js';
import { markRefused, putRequest, safeName, type UploadRequest } from './landing.js';

/** S3's maximum size of an object that one request copies. */
const MAX_COPIED_BYTES = 5 * 1024 ** 3;

/** Returns the settings of the dataset's latest run, as they stand beside its upload. See `CuratorClient.progress` for its errors. */
export async function lastSettings(intake: Intake, dataset: string): Promise<DatasetSettings> {
  const { upload } = await intake.client.progress(dataset);
  return await intake.settingsBeside(upload.key);
}

/**
 * Runs the archive of the dataset's latest run again, with changed settings. With other settings the archive is copied
 * within S3 first, since the ledger knows an upload by its key; the same settings always have the same copy. With
 * unchanged settings a run that is done is returned, and another one is repeated.
 *
 * @throws RefusedError while a run is in progress, NoUploadError if the archive no longer exists, UsageError if the
 * settings contradict each other; see also `CuratorClient.progress`
 */
export async function runAgain(
  intake: Intake,
  dataset: string,
  changes: UploadRequest['settings'],
): Promise<StartedRun> {
  const { client } = intake;
  const { upload, result } = await client.progress(dataset);
  if (!result) {
    throw new RefusedError(
      `${dataset} has a run in progress. Wait until it has ended or cancel it, then run it again.`,
    );
  }
  const archive = await client.store.head(upload.bucket, upload.key);
  if (archive?.etag !== upload.etag) {
    throw new NoUploadError(
      `The archive of the latest run, ${s3Uri(upload)}, was deleted or replaced. Upload it again.`,
    );
  }
  const last = await intake.settingsBeside(upload.key);
  const settings = intake.settings({ ...last, ...changes });
  const isSame = canonicalJson({ ...settings }) === canonicalJson({ ...last });
  const source = isSame ? upload : await copyOf(intake, upload, archive, { dataset, settings });
  const request = { dataset, settings, run: intake.defaults.run, upload: source };
  try {
    return await client.startIngest({ ...request, trigger: 'person' });
  } catch (error) {
    if (error instanceof RefusedError && !isSame) await markRefused(client.store, source);
    throw error;
  }
}

/** Copies an archive to the key of its content and the request, unless the copy exists. */
async function copyOf(
  { client: { store, bucket } }: Intake,
  upload: Upload,
  { etag, bytes }: ObjectInfo,
  request: { dataset: string; settings: DatasetSettings },
): Promise<Upload> {
  if (bytes > MAX_COPIED_BYTES) {
    throw new RefusedError(
      'The archive is larger than 5 GB, which S3 does not copy. Upload it again with these settings.',
    );
  }
  const id = createHash('sha256')
    .update(canonicalJson({ etag, bytes, ...request }))
    .digest('hex')
    .slice(0, 16);
  const key = landingKey(request.dataset, id, safeName(baseName(upload.key)));
  const existing = await store.head(bucket, key);
  if (existing?.bytes === bytes) return { bucket, key, etag: existing.etag, bytes };
  await putRequest(store, bucket, requestKey(request.dataset, id), request);
  await store.copy(bucket, upload.key, key, { from: upload.bucket, ifMatch: etag });
  const copied = await store.head(bucket, key);
  if (!copied) throw new NoUploadError(`${s3Uri({ bucket, key })} was deleted. Run the dataset again.`);
  return { bucket, key, etag: copied.etag, bytes };
}
