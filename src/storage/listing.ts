import { ListObjectsV2Command, type ListObjectsV2CommandOutput, type S3Client } from '@aws-sdk/client-s3';
import { storageError } from './errors.js';

interface ListRequest {
  readonly Bucket: string;
  readonly Prefix: string;
  readonly Delimiter?: string;
}

/** Yields the pages of a listing. @throws StorageError */
export async function* listPages(
  client: S3Client,
  request: ListRequest,
  signal?: AbortSignal,
): AsyncGenerator<ListObjectsV2CommandOutput> {
  let token: string | undefined;
  do {
    const continued = token === undefined ? {} : { ContinuationToken: token };
    const command = new ListObjectsV2Command({ ...request, ...continued });
    const page = await client.send(command, signal ? { abortSignal: signal } : {}).catch((error: unknown) => {
      throw storageError(error, 'list', request.Bucket, request.Prefix);
    });
    yield page;
    token = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
}
