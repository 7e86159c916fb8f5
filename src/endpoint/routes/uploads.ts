import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { isDatasetName } from '../../dataset/model/identity.js';
import { landingKey, landingPrefix } from '../../dataset/model/layout.js';
import { safeName } from '../../intake/landing.js';
import { StorageError } from '../../storage/errors.js';
import {
  abortMultipart,
  completeMultipart,
  createMultipart,
  listParts,
  MAX_PARTS,
  type MultipartRef,
  partBytesOf,
  type UploadedPart,
} from '../../storage/multipart.js';
import { presignPart, presignPut } from '../../storage/presign.js';
import type { App, RouteDeps } from '../app.js';
import { noContent, problems } from '../describe-responses.js';
import { Problem } from '../problems.js';
import { datasetName } from '../schemas.js';
import {
  completedSchema,
  presignedSchema,
  signedPartsSchema,
  uploadedPartsSchema,
} from '../upload-schemas.js';

const PRESIGN_SECS = 15 * 60;
/** Larger files are uploaded in parts: repeating the whole upload after a lost connection would take too long. */
const MULTIPART_FROM_BYTES = 100 * 1024 * 1024;
/** Maximum size of an S3 object. */
const MAX_UPLOAD_BYTES = 5 * 1024 ** 4;
const PARTS_PER_REQUEST = 100;
const tags = ['upload'];

/** Accepts only `landing/<dataset>/<upload id>/<file>.zip`: anyone who has a signed URL can write to its key. */
const uploadKey = z
  .string()
  .max(1024)
  .refine((key) => {
    const [landing, dataset = '', id = '', file = '', ...rest] = key.split('/');
    return (
      `${landing}/` === landingPrefix &&
      isDatasetName(dataset) &&
      /^[0-9a-f-]{36}$/.test(id) &&
      file !== '' &&
      file === safeName(file) &&
      rest.length === 0
    );
  }, 'must be a key that /data-presign returned');
const uploadRef = z.object({ key: uploadKey, uploadId: z.string().min(1).max(2048) });
const partNumber = z.int().min(1).max(MAX_PARTS);

/** Routes that sign URLs, by which senders upload directly to S3. */
export function uploadRoutes(app: App, { client, intake, presignClient }: RouteDeps): void {
  const { store, bucket } = client;
  const s3 = store.client;

  app.get(
    '/data-presign',
    {
      config: { writes: true },
      schema: {
        tags,
        summary: 'Get a presigned URL for a ZIP, or open a multipart upload',
        description: 'Opens a multipart upload for more than 100 MB, or with multipart=true.',
        querystring: z.object({
          filename: z.string().min(1).max(255),
          size: z.coerce.number().int().min(1).max(MAX_UPLOAD_BYTES),
          dataset: datasetName,
          multipart: z.enum(['true', 'false']).optional(),
        }),
        response: { 200: presignedSchema, ...problems(409, 503) },
      },
    },
    async ({ query }) => {
      const { dataset, size } = query;
      await intake.assertWelcome(dataset);
      const key = landingKey(dataset, randomUUID(), safeName(query.filename));
      const { settings } = intake.defaults;
      const expires = expiry();
      if (query.multipart !== 'true' && size <= MULTIPART_FROM_BYTES) {
        await intake.writeRequest(key, { dataset, settings });
        const put = await presignPut(presignClient, {
          bucket,
          key,
          bytes: size,
          expiresInSecs: PRESIGN_SECS,
        });
        return { ...put, bucket, key, ...expires };
      }
      await intake.writeRequest(key, { dataset, settings, bytes: size });
      const uploadId = await createMultipart(s3, bucket, key);
      const partBytes = partBytesOf(size);
      return {
        multipart: { uploadId, partBytes, parts: Math.ceil(size / partBytes) },
        bucket,
        key,
        ...expires,
      };
    },
  );

  app.post(
    '/uploads/parts',
    {
      schema: {
        tags,
        summary: 'Get presigned URLs for parts of a multipart upload',
        body: uploadRef.extend({ parts: z.array(partNumber).min(1).max(PARTS_PER_REQUEST) }),
        response: { 200: signedPartsSchema, ...problems(404, 503) },
      },
    },
    async ({ body }) => {
      const size = await sizeOf(body.key);
      const expires = expiry();
      const parts = body.parts.map(async (part) => {
        const bytes = bytesOfPart(size, part);
        const put = await presignPart(
          presignClient,
          { bucket, ...body },
          { part, bytes, expiresInSecs: PRESIGN_SECS },
        );
        return { part, ...put };
      });
      return { parts: await Promise.all(parts), ...expires };
    },
  );

  app.get(
    '/uploads/parts',
    {
      schema: {
        tags,
        summary: 'List the uploaded parts of a multipart upload',
        querystring: uploadRef,
        response: { 200: uploadedPartsSchema, ...problems(404, 503) },
      },
    },
    async ({ query }) => await listParts(s3, { bucket, ...query }),
  );

  app.post(
    '/uploads/complete',
    {
      schema: {
        tags,
        summary: 'Complete a multipart upload',
        description: 'A repeated request returns the same.',
        body: uploadRef.extend({
          parts: z
            .array(z.object({ part: partNumber, etag: z.string().min(1).max(100) }))
            .max(MAX_PARTS)
            .optional(),
        }),
        response: { 200: completedSchema, ...problems(404, 409, 503) },
      },
      bodyLimit: 1024 * 1024,
    },
    async ({ body }) => {
      const { key, uploadId } = body;
      const size = await sizeOf(key);
      await complete({ bucket, key, uploadId }, size, body.parts);
      const head = await store.head(bucket, key);
      if (head?.bytes !== size)
        throw new Problem(409, `${key} does not have the announced ${size} bytes: upload it again.`);
      return { key, etag: head.etag, bytes: head.bytes };
    },
  );

  app.post(
    '/uploads/abort',
    {
      schema: {
        tags,
        summary: 'Abort a multipart upload',
        body: uploadRef,
        response: { 204: noContent('The upload and its parts are deleted'), ...problems(503) },
      },
    },
    async ({ body }, reply) => {
      await abortMultipart(s3, { bucket, ...body });
      return await reply.code(204).send();
    },
  );

  /** Size in bytes that was announced when the upload was opened. */
  async function sizeOf(key: string): Promise<number> {
    const bytes = (await intake.requestOf(key))?.bytes;
    if (bytes === undefined) throw new Problem(404, `No multipart upload was opened for ${key}.`);
    return bytes;
  }

  async function complete(
    upload: MultipartRef,
    size: number,
    parts: readonly { part: number; etag: string }[] | undefined,
  ): Promise<void> {
    try {
      const present = parts ?? completeParts(await listParts(s3, upload), size);
      const sorted = [...present].sort((a, b) => a.part - b.part);
      assertAllParts(sorted, Math.ceil(size / partBytesOf(size)));
      await completeMultipart(s3, upload, sorted);
    } catch (error) {
      // The upload was completed before: its response was lost and the client repeats the request.
      if (error instanceof StorageError && error.kind === 'missing' && (await store.head(bucket, upload.key)))
        return;
      throw error;
    }
  }
}

const expiry = () => ({ expiresAt: new Date(Date.now() + PRESIGN_SECS * 1000).toISOString() });

/** The listed parts that have all their bytes. SeaweedFS lists a part that was sent again more than once. */
function completeParts(listed: readonly UploadedPart[], size: number): UploadedPart[] {
  const whole = listed.filter(({ part, bytes }) => bytes === expectedBytes(size, part));
  return [...new Map(whole.map((one) => [one.part, one])).values()];
}

/** @throws Problem 409 for a part that is missing, repeated or beyond the announced size */
function assertAllParts(sorted: readonly { readonly part: number }[], expected: number): void {
  const numbers = new Set(sorted.map(({ part }) => part));
  const missing = Array.from({ length: expected }, (_, i) => i + 1).find((part) => !numbers.has(part));
  if (missing !== undefined) {
    throw new Problem(409, `Part ${missing} of ${expected} is missing: upload it, then complete again.`);
  }
  const unexpected = sorted.find(({ part }, i) => part !== i + 1);
  if (unexpected === undefined) return;
  throw new Problem(
    409,
    `Part ${unexpected.part} is unexpected: list each of the ${expected} parts once, then complete again.`,
  );
}

/** Bytes of a part; 0 or less if the upload has no such part. */
function expectedBytes(size: number, part: number): number {
  const partBytes = partBytesOf(size);
  return Math.min(partBytes, size - (part - 1) * partBytes);
}

function bytesOfPart(size: number, part: number): number {
  const bytes = expectedBytes(size, part);
  if (bytes < 1)
    throw new Problem(
      400,
      `Part ${part} does not exist: the upload has ${Math.ceil(size / partBytesOf(size))} parts.`,
    );
  return bytes;
}
