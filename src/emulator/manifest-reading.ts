import type { ServiceCode } from '../custom-labels/rules.js';
import { SERVICE_LIMITS } from '../dataset/model/service-limits.js';
import { StorageError } from '../storage/errors.js';
import type { ObjectStore } from '../storage/object-store.js';
import type { S3Object } from './state.js';

/**
 * The text of a manifest, or the error code if the service could not read it.
 * @throws StorageError if S3 is unavailable
 */
export async function readManifest(
  store: ObjectStore,
  { Bucket, Name, Version }: S3Object,
  signal: AbortSignal,
): Promise<{ text: string } | { code: ServiceCode }> {
  // The service requires a file extension; by convention it is .manifest.
  if (!/[^/]\.[^./]+$/.test(Name)) return { code: 'ERROR_MANIFEST_INACCESSIBLE_OR_UNSUPPORTED_FORMAT' };
  const options = { signal, ...(Version === undefined ? {} : { versionId: Version }) };
  try {
    const info = await store.head(Bucket, Name, options);
    if (!info) return { code: 'ERROR_MANIFEST_INACCESSIBLE_OR_UNSUPPORTED_FORMAT' };
    if (info.bytes > SERVICE_LIMITS.manifestBytes) return { code: 'ERROR_MANIFEST_SIZE_TOO_LARGE' };
    const bytes = await store.getBytes(Bucket, Name, options);
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch (error) {
    if (error instanceof TypeError) return { code: 'ERROR_MANIFEST_INACCESSIBLE_OR_UNSUPPORTED_FORMAT' };
    if (!isRefused(error)) throw error;
    const isForbidden = error.kind === 'refused';
    return {
      code: isForbidden
        ? 'ERROR_INVALID_PERMISSIONS_MANIFEST_S3_BUCKET'
        : 'ERROR_MANIFEST_INACCESSIBLE_OR_UNSUPPORTED_FORMAT',
    };
  }
}

/** Whether S3 refused the request permanently, so a retry cannot help. */
export function isRefused(error: unknown): error is StorageError {
  return error instanceof StorageError && !error.retryable;
}
