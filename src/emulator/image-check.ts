import pLimit from 'p-limit';
import sharp from 'sharp';
import type { ServiceCode } from '../custom-labels/rules.js';
import { parseSourceRef } from '../custom-labels/validate-line.js';
import type { ManifestResult } from '../custom-labels/validate-manifest.js';
import { hasAllowedRatio, hasAllowedSides, SERVICE_LIMITS } from '../dataset/model/service-limits.js';
import type { Size } from '../dataset/model/types.js';
import { formatOf } from '../images/format.js';
import type { S3Location } from '../lib/s3-uri.js';
import { StorageError } from '../storage/errors.js';
import type { ObjectStore } from '../storage/object-store.js';

const CONCURRENT_READS = 8;

type Verdict = ServiceCode | 'usable' | 'missing' | 'forbidden';

export interface ImageCheck {
  /** Code of each line whose image can't be used, by the line's index. */
  readonly lines: ReadonlyMap<number, ServiceCode>;
  /** What not one readable image means for the manifest. */
  readonly terminal: readonly ServiceCode[];
}

/** Looks at the images of the valid lines: there, JPEG or PNG, of the allowed size and of the one that the line states. */
export async function checkImages(
  store: ObjectStore,
  result: ManifestResult,
  signal: AbortSignal,
): Promise<ImageCheck> {
  const limit = pLimit(CONCURRENT_READS);
  const looks = result.lines.flatMap((line, index) => {
    const location = line.status === 'valid' && line.sourceRef !== null && parseSourceRef(line.sourceRef);
    if (!location) return [];
    return [limit(async () => ({ index, verdict: await verdictOf(store, location, line.size, signal) }))];
  });
  const looked = await Promise.all(looks);
  const lines = new Map<number, ServiceCode>();
  for (const { index, verdict } of looked) {
    if (verdict === 'missing' || verdict === 'forbidden') lines.set(index, 'ERROR_INVALID_IMAGE');
    else if (verdict !== 'usable') lines.set(index, verdict);
  }
  const areAll = (verdict: Verdict) => looked.length > 0 && looked.every((one) => one.verdict === verdict);
  return {
    lines,
    terminal: [
      ...(areAll('forbidden') ? (['ERROR_INVALID_PERMISSIONS_IMAGES_S3_BUCKET'] as const) : []),
      ...(areAll('missing') ? (['ERROR_FAILED_IMAGES_S3_COPY'] as const) : []),
    ],
  };
}

async function verdictOf(
  store: ObjectStore,
  { bucket, key }: S3Location,
  stated: Size | null,
  signal: AbortSignal,
): Promise<Verdict> {
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
  // Boxes of another size would be boxes of another picture. Image-level labels state none.
  const isStated = stated === null || (stated.width === size.width && stated.height === size.height);
  return isStated ? 'usable' : 'ERROR_INVALID_IMAGE';
}

/** Pixels as stored; undefined for what is no JPEG or PNG. */
async function sizeOf(bytes: Buffer): Promise<Size | undefined> {
  const format = formatOf(bytes);
  if (format !== 'jpeg' && format !== 'png') return undefined;
  const { width, height } = await sharp(bytes)
    .metadata()
    .catch(() => ({ width: 0, height: 0 }));
  return width > 0 && height > 0 ? { width, height } : undefined;
}
