import pLimit from 'p-limit';
import type { ServiceCode } from '../custom-labels/rules.js';
import { parseSourceRef } from '../custom-labels/validate-line.js';
import type { ManifestResult } from '../custom-labels/validate-manifest.js';
import { hasAllowedRatio, hasAllowedSides, SERVICE_LIMITS } from '../dataset/model/service-limits.js';
import type { Size } from '../dataset/model/types.js';
import { formatOf } from '../images/format.js';
import { type Source, withSource } from '../images/source.js';
import type { S3Location } from '../lib/s3-uri.js';
import { StorageError } from '../storage/errors.js';
import type { ObjectStore } from '../storage/object-store.js';

const CONCURRENT_READS = 8;

type ImageState = ServiceCode | 'usable' | 'missing' | 'forbidden';

export interface ImageCheck {
  /** Error codes of the lines whose image cannot be used, by the index of the line (from 0). */
  readonly lines: ReadonlyMap<number, ServiceCode>;
  /** Errors of the whole manifest, set if none of its images can be read. */
  readonly terminal: readonly ServiceCode[];
}

/**
 * Reads the images of the valid lines and checks that each exists, is a JPEG or PNG, has an allowed size, and has the
 * size that its line states.
 * @throws StorageError if S3 is unavailable
 */
export async function checkImages(
  store: ObjectStore,
  result: ManifestResult,
  signal: AbortSignal,
): Promise<ImageCheck> {
  const limit = pLimit(CONCURRENT_READS);
  const checks = result.lines.flatMap((line, index) => {
    const location = line.status === 'valid' && line.sourceRef !== null && parseSourceRef(line.sourceRef);
    if (!location) return [];
    return [limit(async () => ({ index, state: await imageState(store, location, line.size, signal) }))];
  });
  const checked = await Promise.all(checks);
  const lines = new Map<number, ServiceCode>();
  for (const { index, state } of checked) {
    if (state === 'missing' || state === 'forbidden') lines.set(index, 'ERROR_INVALID_IMAGE');
    else if (state !== 'usable') lines.set(index, state);
  }
  const areAll = (state: ImageState) => checked.length > 0 && checked.every((one) => one.state === state);
  return {
    lines,
    terminal: [
      ...(areAll('forbidden') ? (['ERROR_INVALID_PERMISSIONS_IMAGES_S3_BUCKET'] as const) : []),
      ...(areAll('missing') ? (['ERROR_FAILED_IMAGES_S3_COPY'] as const) : []),
    ],
  };
}

async function imageState(
  store: ObjectStore,
  { bucket, key }: S3Location,
  stated: Size | null,
  signal: AbortSignal,
): Promise<ImageState> {
  let bytes: Buffer;
  try {
    bytes = await store.getBytes(bucket, key, { signal });
  } catch (error) {
    if (!(error instanceof StorageError) || error.retryable) throw error;
    const isBucketMissing = error.cause instanceof Error && error.cause.name === 'NoSuchBucket';
    return error.kind === 'refused' && !isBucketMissing ? 'forbidden' : 'missing';
  }
  const size = bytes.length > SERVICE_LIMITS.imageBytes ? undefined : await sizeOf(bytes);
  if (!size || !hasAllowedRatio(size)) return 'ERROR_INVALID_IMAGE';
  if (!hasAllowedSides(size)) return 'ERROR_INVALID_IMAGE_DIMENSION';
  // If the sizes differ, the boxes belong to another image. Lines with image-level labels state no size.
  const isStated = stated === null || (stated.width === size.width && stated.height === size.height);
  return isStated && (await isDecodable(bytes)) ? 'usable' : 'ERROR_INVALID_IMAGE';
}

/** Whether all pixels can be read at a reasonable cost. The small output lets the decoder of JPEG skip most of its work. */
async function isDecodable(bytes: Buffer): Promise<boolean> {
  return (await decoded(bytes, ({ open }) => open().resize(8).raw().toBuffer())) !== undefined;
}

/** The stored size in pixels, before EXIF orientation; undefined if the bytes are not a JPEG or PNG. */
async function sizeOf(bytes: Buffer): Promise<Size | undefined> {
  const size = await decoded(bytes, async ({ metadata: { width, height } }) => ({ width, height }));
  return size && size.width > 0 && size.height > 0 ? size : undefined;
}

/** The result of `work` on a JPEG or PNG; undefined if it is another file, is damaged, or would be too costly to decode. */
async function decoded<T extends object>(
  bytes: Buffer,
  work: (source: Source) => Promise<T>,
): Promise<T | undefined> {
  const format = formatOf(bytes);
  if (format !== 'jpeg' && format !== 'png') return undefined;
  return await withSource(bytes, format, { failOn: 'warning' }, work).then(
    (result) => ('reason' in result ? undefined : result),
    () => undefined,
  );
}
