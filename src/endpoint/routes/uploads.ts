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
} from '../../storage/multipart.js';
import { presignPart, presignPut } from '../../storage/presign.js';
import { type App, type Doors, datasetName } from '../app.js';
import { Problem } from '../problems.js';

const PRESIGN_SECS = 15 * 60;
/** Above this a lost connection costs too much to start anew. */
const MULTIPART_FROM_BYTES = 100 * 1024 * 1024;
/** S3's limit of an object. */
const MAX_UPLOAD_BYTES = 5 * 1024 ** 4;
const PARTS_A_REQUEST = 100;
const tags = ['upload'];

/** `landing/<dataset>/<upload id>/<file>.zip`, and nothing else: what is signed here can be written by whoever has the URL. */
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
  }, 'must be the key of a presigned upload');
const uploadRef = z.object({ key: uploadKey, uploadId: z.string().min(1).max(2048) });
const partNumber = z.int().min(1).max(MAX_PARTS);

/** Uploads go from the sender straight to S3, by URLs that are signed here. */
export function uploadRoutes(app: App, { client, intake, presignClient }: Doors): void {
  const { store, bucket } = client;
  const s3 = store.client;

  app.get(
    '/data-presign',
    {
      schema: {
        tags,
        summary: 'A URL to upload a ZIP by, or an upload in parts over 100 MB',
        querystring: z.object({
          filename: z.string().min(1).max(255),
          size: z.coerce.number().int().min(1).max(MAX_UPLOAD_BYTES),
          dataset: datasetName,
          multipart: z.enum(['true', 'false']).optional(),
        }),
      },
    },
    async ({ query }) => {
      const { dataset, size } = query;
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
        summary: 'URLs for parts, which may be sent in parallel',
        body: uploadRef.extend({ parts: z.array(partNumber).min(1).max(PARTS_A_REQUEST) }),
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
    { schema: { tags, summary: 'The parts that are there, for going on', querystring: uploadRef } },
    async ({ query }) => await listParts(s3, { bucket, ...query }),
  );

  app.post(
    '/uploads/complete',
    {
      schema: {
        tags,
        summary: 'Make the parts one object',
        body: uploadRef.extend({
          parts: z
            .array(z.object({ part: partNumber, etag: z.string().min(1).max(100) }))
            .max(MAX_PARTS)
            .optional(),
        }),
      },
      bodyLimit: 1024 * 1024,
    },
    async ({ body }) => {
      const { key, uploadId } = body;
      const size = await sizeOf(key);
      await complete({ bucket, key, uploadId }, size, body.parts);
      const head = await store.head(bucket, key);
      if (head?.bytes !== size) throw new Problem(409, `${key} isn't ${size} bytes long: upload it again.`);
      return { key, etag: head.etag, bytes: head.bytes };
    },
  );

  app.post(
    '/uploads/abort',
    { schema: { tags, summary: 'Give an upload up, and its parts', body: uploadRef } },
    async ({ body }, reply) => {
      await abortMultipart(s3, { bucket, ...body });
      return await reply.code(204).send();
    },
  );

  /** How long the upload was said to be when it was opened. */
  async function sizeOf(key: string): Promise<number> {
    const bytes = (await intake.requestOf(key))?.bytes;
    if (bytes === undefined) throw new Problem(404, `No upload in parts was opened for ${key}.`);
    return bytes;
  }

  async function complete(
    upload: MultipartRef,
    size: number,
    parts: readonly { part: number; etag: string }[] | undefined,
  ): Promise<void> {
    try {
      const present = parts ?? (await listParts(s3, upload));
      const sorted = [...present].sort((a, b) => a.part - b.part);
      const expected = Math.ceil(size / partBytesOf(size));
      const missing = Array.from({ length: expected }, (_, i) => i + 1).find(
        (part, i) => sorted[i]?.part !== part,
      );
      if (missing !== undefined || sorted.length !== expected) {
        throw new Problem(
          409,
          `Part ${missing ?? expected + 1} of ${expected} is missing or too many: send it, then complete again.`,
        );
      }
      await completeMultipart(s3, upload, sorted);
    } catch (error) {
      // Completed already: the answer was lost, and the same request comes again.
      if (error instanceof StorageError && error.kind === 'missing' && (await store.head(bucket, upload.key)))
        return;
      throw error;
    }
  }
}

const expiry = () => ({ expiresAt: new Date(Date.now() + PRESIGN_SECS * 1000).toISOString() });

function bytesOfPart(size: number, part: number): number {
  const partBytes = partBytesOf(size);
  const bytes = Math.min(partBytes, size - (part - 1) * partBytes);
  if (bytes < 1)
    throw new Problem(400, `There is no part ${part}: the upload has ${Math.ceil(size / partBytes)}.`);
  return bytes;
}
