/** Schemas of requests and responses about uploads, see `schemas.ts`. */
import { z } from 'zod';
import { count, isoTime } from './schemas.js';

const signed = z.object({
  url: z.string(),
  headers: z.record(z.string(), z.string()).describe('Headers to send with the PUT request'),
});
const uploadTarget = z.object({
  bucket: z.string(),
  key: z.string(),
  expiresAt: isoTime.describe('ISO 8601 time until which the URL is valid'),
});
const opened = z.object({
  uploadId: z.string(),
  partBytes: count.describe('Bytes of each part except the last'),
  parts: count,
});

/** One PUT request, or a multipart upload that was opened. */
export const presignedSchema = z.union([
  signed.extend(uploadTarget.shape),
  uploadTarget.extend({ multipart: opened }),
]);
export type Presigned = z.infer<typeof presignedSchema>;

export const signedPartsSchema = z.object({
  parts: z.array(signed.extend({ part: count })),
  expiresAt: uploadTarget.shape.expiresAt,
});
export type SignedParts = z.infer<typeof signedPartsSchema>;

export const uploadedPartsSchema = z.array(z.object({ part: count, etag: z.string(), bytes: count }));
export type UploadedParts = z.infer<typeof uploadedPartsSchema>;

export const completedSchema = z.object({ key: z.string(), etag: z.string(), bytes: count });
