import { z } from 'zod';

/** An event about one object, as an S3 server reports it. */
export interface S3Event {
  readonly bucket: string;
  /** Possible keys, the most likely first: AWS form-encodes keys in events, versitygw and SeaweedFS do not. */
  readonly keys: readonly string[];
  /** Whether the object was written; false for deletions and other events. */
  readonly created: boolean;
}

/** The body is not an S3 notification; the message says what was expected. */
export class UnknownEventError extends Error {
  override readonly name = 'UnknownEventError';
}

const MAX_RECORDS = 1000;

const key = z.string().min(1).max(4096);
const recordSchema = z.object({
  eventName: z.string(),
  s3: z.object({ bucket: z.object({ name: z.string() }), object: z.object({ key }) }),
});
const recordsSchema = z.array(recordSchema).min(1).max(MAX_RECORDS);
const testSchema = z.object({ Event: z.literal('s3:TestEvent') });
const seaweedSchema = z.object({
  key: key.regex(/^\/buckets\/[^/]+\/./),
  event_type: z.enum(['create', 'update', 'delete', 'rename']),
});
const snsSchema = z.object({ Type: z.string(), TopicArn: z.string() });

/**
 * Parses a notification in any of the formats that S3 servers send: AWS, MinIO, versitygw, SeaweedFS. The test event of
 * a new subscription gives an empty list.
 *
 * @throws UnknownEventError for any other format
 */
export function parseS3Events(body: unknown): S3Event[] {
  if (testSchema.safeParse(body).success) return [];
  const list = Array.isArray(body) ? body : (body as { Records?: unknown } | null)?.Records;
  const records = recordsSchema.safeParse(list);
  if (records.success) return records.data.map(eventOfRecord);
  const seaweed = seaweedSchema.safeParse(body);
  if (seaweed.success) return [eventOfSeaweed(seaweed.data)];
  if (snsSchema.safeParse(body).success) {
    throw new UnknownEventError(
      'This event is wrapped by SNS: enable raw message delivery for the subscription.',
    );
  }
  const [issue] = records.error.issues;
  const where =
    list === undefined ? '' : ` (at ${['Records', ...(issue?.path ?? [])].join('.')}: ${issue?.message})`;
  throw new UnknownEventError(
    `This is not an S3 notification: expected {"Records":[{"eventName","s3":{"bucket":{"name"},"object":{"key"}}}]} with a maximum of ${MAX_RECORDS} records${where}.`,
  );
}

function eventOfRecord({ eventName, s3 }: z.infer<typeof recordSchema>): S3Event {
  const { bucket, object } = s3;
  const decoded = formDecoded(object.key);
  const keys = decoded === undefined || decoded === object.key ? [object.key] : [decoded, object.key];
  return { bucket: bucket.name, keys, created: /^(s3:)?ObjectCreated:/.test(eventName) };
}

/** SeaweedFS reports the path in its filer, where buckets are folders. */
function eventOfSeaweed({ key: path, event_type }: z.infer<typeof seaweedSchema>): S3Event {
  const [, , bucket = '', ...segments] = path.split('/');
  const created = event_type === 'create' || event_type === 'update';
  return { bucket, keys: [segments.join('/')], created };
}

function formDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
