import type { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { ZodType } from 'zod';
import { s3Uri } from '../lib/s3-uri.js';
import { StorageError, storageError } from './errors.js';
import { headObject } from './head-object.js';
import { assertSize, MAX_JSON_BYTES, parseJson } from './json.js';
import { listPages } from './listing.js';
import { readBody } from './read-body.js';
import { type ByteStream, uploadStream } from './stream-upload.js';

/** What S3 knows about an object besides its content. */
export interface ObjectInfo {
  readonly etag: string;
  readonly bytes: number;
  readonly metadata: Readonly<Record<string, string>>;
  /** When the object was written, by the server's clock. */
  readonly modified: Date;
}

/** An object in a listing. */
export type ListedObject = Pick<ObjectInfo, 'etag' | 'bytes' | 'modified'> & { readonly key: string };

interface Abortable {
  readonly signal?: AbortSignal;
}

interface Versioned {
  /** The version of the object in a bucket with versioning; the newest if absent. */
  readonly versionId?: string;
}

interface Limited {
  /** Maximum bytes of the object; a larger one is refused before it is read. */
  readonly maxBytes?: number;
}

export interface PutOptions extends Abortable {
  readonly contentType?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The S3 operations that Curator uses. Each throws `StorageError`, or `AbortError` once its signal aborts. */
export class ObjectStore {
  constructor(readonly client: S3Client) {}

  /** Returns the description of an object, or of one version of it; undefined if it does not exist. */
  async head(
    bucket: string,
    key: string,
    { signal, versionId }: Abortable & Versioned = {},
  ): Promise<ObjectInfo | undefined> {
    return await orUndefined(async () => {
      const object = { Bucket: bucket, Key: key, VersionId: versionId };
      const head = await attempt('check', bucket, key, () =>
        headObject(this.client, object, abortOptions(signal)),
      );
      return {
        etag: head.ETag ?? '',
        bytes: head.ContentLength ?? 0,
        metadata: head.Metadata ?? {},
        modified: head.LastModified ?? new Date(0),
      };
    });
  }

  /**
   * Reads an object, or its bytes from `start` to `end` (exclusive). With `ifMatch`, only this ETag is accepted.
   * A response that is shorter than requested is an error, and so is one that is longer than `maxBytes`.
   */
  async getBytes(
    bucket: string,
    key: string,
    options: Abortable & Versioned & Limited & { start?: number; end?: number; ifMatch?: string } = {},
  ): Promise<Buffer> {
    const { start = 0, end, ifMatch, versionId, signal, maxBytes = Number.POSITIVE_INFINITY } = options;
    const ranged = start > 0 || end !== undefined;
    const command = new GetObjectCommand({
      Bucket: bucket,
      Key: key,
      VersionId: versionId,
      ...(ranged ? { Range: `bytes=${start}-${end === undefined ? '' : end - 1}` } : {}),
      ...(ifMatch === undefined ? {} : { IfMatch: ifMatch }),
    });
    return await attempt('read', bucket, key, async () => {
      const response = await this.client.send(command, abortOptions(signal));
      const expected = end === undefined ? response.ContentLength : end - start;
      const uri = s3Uri({ bucket, key });
      if (expected !== undefined && expected > maxBytes) (response.Body as Readable).destroy();
      assertSize(expected ?? 0, maxBytes, uri);
      // Some servers send small objects without a length.
      if (expected === undefined) return Buffer.from((await response.Body?.transformToByteArray()) ?? []);
      const bytes = await readBody(response.Body as Readable, expected);
      if (bytes.length !== expected) {
        throw new StorageError('unavailable', `${uri} returned ${bytes.length} of ${expected} bytes.`);
      }
      return bytes;
    });
  }

  /** Opens an object as a stream. The caller must read or destroy `body`. */
  async open(
    bucket: string,
    key: string,
    { signal }: Abortable = {},
  ): Promise<{ body: Readable; contentType: string; bytes: number; etag: string }> {
    const command = new GetObjectCommand({ Bucket: bucket, Key: key });
    const response = await attempt('read', bucket, key, () =>
      this.client.send(command, abortOptions(signal)),
    );
    return {
      body: response.Body as Readable,
      contentType: response.ContentType ?? '',
      bytes: response.ContentLength ?? 0,
      etag: response.ETag ?? '',
    };
  }

  /** Reads an object; returns undefined if it does not exist. */
  async findBytes(bucket: string, key: string, options: Abortable = {}): Promise<Buffer | undefined> {
    return await orUndefined(() => this.getBytes(bucket, key, options));
  }

  /** Reads a JSON object and checks it. @throws MalformedError if it is too large or does not match the schema */
  async getJson<T>(
    bucket: string,
    key: string,
    schema: ZodType<T>,
    { maxBytes = MAX_JSON_BYTES, ...options }: Abortable & Limited = {},
  ): Promise<T> {
    const text = (await this.getBytes(bucket, key, { ...options, maxBytes })).toString('utf8');
    return parseJson(text, schema, s3Uri({ bucket, key }));
  }

  /** Reads and checks a JSON object like `getJson`; returns undefined if it does not exist. */
  async findJson<T>(
    bucket: string,
    key: string,
    schema: ZodType<T>,
    options: Abortable & Limited = {},
  ): Promise<T | undefined> {
    return await orUndefined(() => this.getJson(bucket, key, schema, options));
  }

  /**
   * Writes an object. With `ifNoneMatch`, an existing object is kept and `exists` is returned. `sha256` is the hash of the
   * body in hex, if the caller knows it; otherwise it is computed for the signature.
   */
  async put(
    bucket: string,
    key: string,
    body: string | Uint8Array,
    options: PutOptions & { ifNoneMatch?: true; sha256?: string } = {},
  ): Promise<'written' | 'exists'> {
    const command = new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: body,
      // The SDK omits the length of an empty body.
      ContentLength: Buffer.byteLength(body),
      ...putFields(options),
      ...(options.ifNoneMatch ? { IfNoneMatch: '*' } : {}),
    });
    if (options.sha256 !== undefined) signWithHash(command, options.sha256);
    try {
      await attempt('write', bucket, key, () => this.client.send(command, abortOptions(options.signal)));
      return 'written';
    } catch (error) {
      if (options.ifNoneMatch && error instanceof StorageError && error.kind === 'changed') return 'exists';
      throw error;
    }
  }

  /** Writes JSON text as an object of type application/json. With `ifNoneMatch`, see `put`. */
  async putJson(
    bucket: string,
    key: string,
    text: string,
    options: Abortable & { ifNoneMatch?: true } = {},
  ): Promise<'written' | 'exists'> {
    return await this.put(bucket, key, text, { ...options, contentType: 'application/json' });
  }

  /** Writes a body of unknown length in parts; `onProgress` receives the bytes sent so far. */
  async putStream(
    bucket: string,
    key: string,
    body: ByteStream,
    options: PutOptions & { onProgress?: (bytes: number) => void } = {},
  ): Promise<void> {
    const object = { Bucket: bucket, Key: key, ...putFields(options) };
    await attempt('write', bucket, key, () => uploadStream(this.client, object, body, options));
  }

  /**
   * Copies an object to the key `to` of `bucket`, inside S3: from the same bucket, or from the bucket `from`.
   * With `ifMatch`, only this ETag of the source is accepted. S3 copies a maximum of 5 GB per call.
   * Tags are not copied, because that needs permissions on tags that nothing else needs.
   */
  async copy(
    bucket: string,
    source: string,
    to: string,
    { from = bucket, ifMatch, signal }: Abortable & { from?: string; ifMatch?: string } = {},
  ): Promise<void> {
    const command = new CopyObjectCommand({
      Bucket: bucket,
      Key: to,
      TaggingDirective: 'REPLACE',
      CopySource: `${from}/${encodeURIComponent(source)}`,
      ...(ifMatch === undefined ? {} : { CopySourceIfMatch: ifMatch }),
    });
    await attempt('copy', from, source, () => this.client.send(command, abortOptions(signal)));
  }

  /** Makes an object public-read. A separate call, because SeaweedFS ignores an ACL in a PUT. */
  async makePublic(bucket: string, key: string): Promise<void> {
    const command = new PutObjectAclCommand({ Bucket: bucket, Key: key, ACL: 'public-read' });
    await attempt('make public', bucket, key, () => this.client.send(command));
  }

  /** Deletes an object; one that does not exist is no error. */
  async remove(bucket: string, key: string): Promise<void> {
    const command = new DeleteObjectCommand({ Bucket: bucket, Key: key });
    await attempt('delete', bucket, key, () => this.client.send(command));
  }

  /** Lists the objects below `prefix`. The order depends on the server. */
  async *list(bucket: string, prefix: string, { signal }: Abortable = {}): AsyncGenerator<ListedObject> {
    for await (const page of listPages(this.client, { Bucket: bucket, Prefix: prefix }, signal)) {
      for (const { Key: key, Size: bytes = 0, ETag: etag = '', LastModified } of page.Contents ?? []) {
        if (key !== undefined) yield { key, bytes, etag, modified: LastModified ?? new Date(0) };
      }
    }
  }

  /** Lists the prefixes one level below `prefix`, each with its trailing slash. */
  async *folders(bucket: string, prefix: string): AsyncGenerator<string> {
    for await (const page of listPages(this.client, { Bucket: bucket, Prefix: prefix, Delimiter: '/' })) {
      for (const { Prefix } of page.CommonPrefixes ?? []) if (Prefix !== undefined) yield Prefix;
    }
  }
}

/** The signer takes the hash of the body from this header, and computes it only without. */
function signWithHash(command: PutObjectCommand, sha256: string): void {
  command.middlewareStack.add(
    (next) => async (args) => {
      const { headers } = args.request as { headers: Record<string, string> };
      headers['x-amz-content-sha256'] = sha256;
      return await next(args);
    },
    { step: 'build' },
  );
}

/** Runs one S3 operation; its errors become `StorageError`. */
async function attempt<T>(action: string, bucket: string, key: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    throw storageError(error, action, bucket, key);
  }
}

async function orUndefined<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof StorageError && error.kind === 'missing') return undefined;
    throw error;
  }
}

function abortOptions(signal: AbortSignal | undefined): { abortSignal?: AbortSignal } {
  return signal ? { abortSignal: signal } : {};
}

function putFields({ contentType, metadata }: PutOptions) {
  return {
    ...(contentType === undefined ? {} : { ContentType: contentType }),
    ...(metadata === undefined ? {} : { Metadata: { ...metadata } }),
  };
}
