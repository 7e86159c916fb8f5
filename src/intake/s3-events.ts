import { z } from 'zod';

/** What an S3 server says of one object. */
export interface S3Event {
  readonly bucket: string;
  /** Readings of the key, the likeliest first: AWS encodes keys as forms do, versitygw and SeaweedFS don't. */
  readonly keys: readonly string[];
  readonly created: boolean;
}

/** A body that is no S3 notification, with what was expected. */
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
 * Reads a notification in any of the shapes that S3 servers send; none for the test event of a new subscription.
 * @throws UnknownEventError for any other shape
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
      'This event is wrapped by SNS: set raw message delivery for the subscription.',
    );
  }
  const [issue] = records.error.issues;
  const where =
    list === undefined ? '' : ` (at ${['Records', ...(issue?.path ?? [])].join('.')}: ${issue?.message})`;
  throw new UnknownEventError(
    `This is no S3 notification: expected {"Records":[{"eventName","s3":{"bucket":{"name"},"object":{"key"}}}]} of up to ${MAX_RECORDS}${where}.`,
  );
}

function eventOfRecord({ eventName, s3 }: z.infer<typeof recordSchema>): S3Event {
  const { bucket, object } = s3;
  const decoded = formDecoded(object.key);
  const keys = decoded === undefined || decoded === object.key ? [object.key] : [decoded, object.key];
  return { bucket: bucket.name, keys, created: /^(s3:)?ObjectCreated:/.test(eventName) };
}

/** SeaweedFS names the path in its filer, where buckets are folders. */
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
