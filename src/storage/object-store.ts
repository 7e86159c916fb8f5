import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectAclCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload as MultipartUpload } from '@aws-sdk/lib-storage';
import type { ZodType } from 'zod';
import { StorageError, storageError } from './errors.js';
import { parseJson } from './json.js';

export interface ObjectInfo {
  readonly etag: string;
  readonly bytes: number;
  readonly metadata: Readonly<Record<string, string>>;
  /** When it was written, by the server's clock. */
  readonly modified: Date;
}

/** An object of a listing. */
export type ListedObject = Pick<ObjectInfo, 'etag' | 'bytes' | 'modified'> & { readonly key: string };

interface Abortable {
  readonly signal?: AbortSignal;
}

export interface PutOptions extends Abortable {
  readonly contentType?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The few S3 operations that Curator uses. Every one throws StorageError, and obeys its signal. */
export class ObjectStore {
  constructor(readonly client: S3Client) {}

  async head(bucket: string, key: string, { signal }: Abortable = {}): Promise<ObjectInfo | undefined> {
    try {
      const command = new HeadObjectCommand({ Bucket: bucket, Key: key });
      const head = await this.client.send(command, abortOptions(signal));
      return {
        etag: head.ETag ?? '',
        bytes: head.ContentLength ?? 0,
        metadata: head.Metadata ?? {},
        modified: head.LastModified ?? new Date(0),
      };
    } catch (error) {
      return absent(storageError(error, 'look at', bucket, key));
    }
  }

  /** Bytes `start` to `end` (exclusive), or all. A body shorter than asked for is an error, never silent. */
  async getBytes(
    bucket: string,
    key: string,
    options: Abortable & { start?: number; end?: number; ifMatch?: string } = {},
  ): Promise<Buffer> {
    const { start = 0, end, ifMatch, signal } = options;
    try {
      const ranged = start > 0 || end !== undefined;
      const command = new GetObjectCommand({
        Bucket: bucket,
        Key: key,
        ...(ranged ? { Range: `bytes=${start}-${end === undefined ? '' : end - 1}` } : {}),
        ...(ifMatch === undefined ? {} : { IfMatch: ifMatch }),
      });
      const answer = await this.client.send(command, abortOptions(signal));
      const bytes = Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
      const expected = end === undefined ? (answer.ContentLength ?? bytes.length) : end - start;
      if (bytes.length !== expected) {
        throw new StorageError(
          'unavailable',
          `s3://${bucket}/${key} answered ${bytes.length} of ${expected} bytes.`,
        );
      }
      return bytes;
    } catch (error) {
      throw storageError(error, 'read', bucket, key);
    }
  }

  /** The object as a stream, for whoever passes it on. */
  async open(
    bucket: string,
    key: string,
    { signal }: Abortable = {},
  ): Promise<{ body: Readable; contentType: string; bytes: number; etag: string }> {
    try {
      const command = new GetObjectCommand({ Bucket: bucket, Key: key });
      const answer = await this.client.send(command, abortOptions(signal));
      return {
        body: answer.Body as Readable,
        contentType: answer.ContentType ?? '',
        bytes: answer.ContentLength ?? 0,
        etag: answer.ETag ?? '',
      };
    } catch (error) {
      throw storageError(error, 'read', bucket, key);
    }
  }

  /** The same, undefined where the object doesn't exist. */
  async findBytes(bucket: string, key: string, options: Abortable = {}): Promise<Buffer | undefined> {
    try {
      return await this.getBytes(bucket, key, options);
    } catch (error) {
      return absent(error);
    }
  }

  async getJson<T>(bucket: string, key: string, schema: ZodType<T>, options: Abortable = {}): Promise<T> {
    const text = (await this.getBytes(bucket, key, options)).toString('utf8');
    return parseJson(text, schema, `s3://${bucket}/${key}`);
  }

  /** The same, undefined where the object doesn't exist. */
  async findJson<T>(
    bucket: string,
    key: string,
    schema: ZodType<T>,
    options: Abortable = {},
  ): Promise<T | undefined> {
    try {
      return await this.getJson(bucket, key, schema, options);
    } catch (error) {
      return absent(error);
    }
  }

  /** With `ifNoneMatch` an object that is there stays as it is, and the answer is `exists`. */
  async put(
    bucket: string,
    key: string,
    body: string | Uint8Array,
    options: PutOptions & { ifNoneMatch?: true } = {},
  ): Promise<'written' | 'exists'> {
    try {
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: body,
        // Else an empty body has none.
        ContentLength: Buffer.byteLength(body),
        ...putFields(options),
        ...(options.ifNoneMatch ? { IfNoneMatch: '*' } : {}),
      });
      await this.client.send(command, abortOptions(options.signal));
      return 'written';
    } catch (error) {
      const failure = storageError(error, 'write', bucket, key);
      if (options.ifNoneMatch && failure instanceof StorageError && failure.kind === 'changed')
        return 'exists';
      throw failure;
    }
  }

  /** Writes a body of unknown length in parts; `onProgress` gets the bytes sent so far. */
  async putStream(
    bucket: string,
    key: string,
    body: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
    options: PutOptions & { onProgress?: (bytes: number) => void } = {},
  ): Promise<void> {
    const upload = new MultipartUpload({
      client: this.client,
      params: {
        Bucket: bucket,
        Key: key,
        Body: Readable.from(body, { objectMode: false }),
        ...putFields(options),
      },
      queueSize: 4,
      partSize: 8 * 1024 * 1024,
    });
    upload.on('httpUploadProgress', ({ loaded }) => options.onProgress?.(loaded ?? 0));
    const abort = () => {
      upload.abort().catch(() => undefined);
    };
    options.signal?.addEventListener('abort', abort, { once: true });
    try {
      options.signal?.throwIfAborted();
      await upload.done();
    } catch (error) {
      throw storageError(error, 'write', bucket, key);
    } finally {
      options.signal?.removeEventListener('abort', abort);
    }
  }

  /** Within the store: of the same bucket, or of the bucket `from`. S3 copies up to 5 GB in one call. */
  async copy(
    bucket: string,
    source: string,
    to: string,
    { from = bucket, ifMatch, signal }: Abortable & { from?: string; ifMatch?: string } = {},
  ): Promise<void> {
    try {
      const command = new CopyObjectCommand({
        Bucket: bucket,
        Key: to,
        CopySource: `${from}/${encodeURIComponent(source)}`,
        ...(ifMatch === undefined ? {} : { CopySourceIfMatch: ifMatch }),
      });
      await this.client.send(command, abortOptions(signal));
    } catch (error) {
      throw storageError(error, 'copy', from, source);
    }
  }

  /** Lets everybody read the object. By a call of its own: SeaweedFS takes no ACL with a PUT. */
  async makePublic(bucket: string, key: string): Promise<void> {
    try {
      await this.client.send(new PutObjectAclCommand({ Bucket: bucket, Key: key, ACL: 'public-read' }));
    } catch (error) {
      throw storageError(error, 'make public', bucket, key);
    }
  }

  async remove(bucket: string, key: string): Promise<void> {
    try {
      await this.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    } catch (error) {
      throw storageError(error, 'delete', bucket, key);
    }
  }

  /** In the server's order, which is not to be relied on. */
  async *list(bucket: string, prefix: string, { signal }: Abortable = {}): AsyncGenerator<ListedObject> {
    for await (const page of this.pages({ Bucket: bucket, Prefix: prefix }, signal)) {
      for (const { Key: key, Size: bytes = 0, ETag: etag = '', LastModified } of page.Contents ?? []) {
        if (key !== undefined) yield { key, bytes, etag, modified: LastModified ?? new Date(0) };
      }
    }
  }

  /** The prefixes one level below `prefix`, each with its slash. */
  async *folders(bucket: string, prefix: string): AsyncGenerator<string> {
    for await (const page of this.pages({ Bucket: bucket, Prefix: prefix, Delimiter: '/' })) {
      for (const { Prefix } of page.CommonPrefixes ?? []) if (Prefix !== undefined) yield Prefix;
    }
  }

  private async *pages(
    request: { Bucket: string; Prefix: string; Delimiter?: string },
    signal?: AbortSignal,
  ): AsyncGenerator<ListObjectsV2CommandOutput> {
    let token: string | undefined;
    do {
      const continued = token === undefined ? {} : { ContinuationToken: token };
      const command = new ListObjectsV2Command({ ...request, ...continued });
      const page = await this.client.send(command, abortOptions(signal)).catch((error: unknown) => {
        throw storageError(error, 'list', request.Bucket, request.Prefix);
      });
      yield page;
      token = page.IsTruncated ? page.NextContinuationToken : undefined;
    } while (token !== undefined);
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

function absent(error: unknown): undefined {
  if (error instanceof StorageError && error.kind === 'missing') return undefined;
  throw error;
}
