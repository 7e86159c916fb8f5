import { type EvaluatedImage, evaluatedImageSchema } from '../custom-labels/read-evaluation-manifest.js';
import { SERVICE_LIMITS } from '../dataset/model/service-limits.js';
import type { S3Location } from '../lib/s3-uri.js';
import { readJsonLines } from '../storage/json-lines.js';
import type { ObjectStore } from '../storage/object-store.js';

/** Reads an evaluation manifest. @throws MalformedError if it has an unknown form, StorageError */
export async function readEvaluationManifest(
  store: ObjectStore,
  manifest: S3Location,
): Promise<EvaluatedImage[]> {
  const options = { maxLines: SERVICE_LIMITS.lines };
  const images: EvaluatedImage[] = [];
  for await (const { value } of readJsonLines(store, manifest, evaluatedImageSchema, options)) {
    images.push(value);
  }
  return images;
}
