import type { Asset, S3Object } from '@aws-sdk/client-rekognition';
import type { S3Location } from '../lib/s3-uri.js';

/** Bucket and key of an S3 object in Rekognition's responses; undefined if either is missing. */
export function locationOf(object: S3Object | undefined): S3Location | undefined {
  return object?.Bucket && object.Name ? { bucket: object.Bucket, key: object.Name } : undefined;
}

/** Bucket and key of the manifest that an asset names; undefined if it names none. */
export function manifestLocation(asset: Asset | undefined): S3Location | undefined {
  return locationOf(asset?.GroundTruthManifest?.S3Object);
}

/** Bucket and key of `images.jsonl`, which lies beside the manifests of a dataset version. */
export function imagesLocation(manifest: Asset | undefined): S3Location | undefined {
  const location = manifestLocation(manifest);
  return location && { ...location, key: location.key.replace(/[^/]*$/, 'images.jsonl') };
}
