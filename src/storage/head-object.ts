import type { Readable } from 'node:stream';
import {
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';

/** Statuses whose reason is in the body: another region, expired credentials, clock, permissions, KMS. */
const EXPLAINED_IN_BODY: ReadonlySet<number | undefined> = new Set([301, 400, 403]);

/**
 * Sends HeadObject. A response to HEAD has no body, so a refusal does not say why. The object is then requested by GET,
 * which is refused for the same reason but names it.
 *
 * @throws the error of the SDK, with S3's code and message if there is one
 */
export async function headObject(
  client: S3Client,
  object: { readonly Bucket: string; readonly Key: string; readonly VersionId: string | undefined },
  options: { readonly abortSignal?: AbortSignal },
): Promise<HeadObjectCommandOutput> {
  const send = () => client.send(new HeadObjectCommand(object), options);
  try {
    return await send();
  } catch (error) {
    const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
    if (!EXPLAINED_IN_BODY.has(status)) throw error;
    const { Body } = await client.send(new GetObjectCommand(object), options);
    (Body as Readable | undefined)?.destroy();
    // The GET succeeds if the SDK could correct the cause from the body, which it does for a wrong clock.
    return await send();
  }
}
