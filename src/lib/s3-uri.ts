export interface S3Location {
  readonly bucket: string;
  readonly key: string;
}

/** `s3://<bucket>/<key>`, with the key unencoded, as Rekognition's manifests and summaries have it. */
export const s3Uri = ({ bucket, key }: S3Location): string => `s3://${bucket}/${key}`;

/** Bucket and key of `s3://<bucket>/<key>`, or undefined if the text has another form. */
export function parseS3Uri(text: string): S3Location | undefined {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/is.exec(text) ?? [];
  return bucket && key ? { bucket, key } : undefined;
}
