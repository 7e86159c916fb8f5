import { describe, expect, it } from '@jest/globals';
import { parseS3Events } from '../../src/intake/s3-events.js';

const record = (key: string, eventName = 'ObjectCreated:Put') => ({
  eventVersion: '2.1',
  eventSource: 'aws:s3',
  eventName,
  s3: { bucket: { name: 'offline', arn: 'arn:aws:s3:::offline' }, object: { key, size: 5, eTag: 'e' } },
});

describe('parseS3Events', () => {
  it('parses AWS notifications with form-encoded keys', () => {
    const body = { Records: [record('landing/skin/a/Face+Skin+%C3%BC%2Bx.zip')] };
    expect(parseS3Events(body)).toEqual([
      {
        bucket: 'offline',
        keys: ['landing/skin/a/Face Skin ü+x.zip', 'landing/skin/a/Face+Skin+%C3%BC%2Bx.zip'],
        created: true,
      },
    ]);
  });

  it('keeps an unencoded key as the second possibility, and a key that cannot be decoded unchanged', () => {
    expect(parseS3Events({ Records: [record('landing/a+b.zip')] })[0]?.keys).toEqual([
      'landing/a b.zip',
      'landing/a+b.zip',
    ]);
    expect(parseS3Events({ Records: [record('landing/100%.zip')] })[0]?.keys).toEqual(['landing/100%.zip']);
  });

  it.each(['s3:ObjectCreated:CompleteMultipartUpload', 'ObjectCreated:Copy', 's3:ObjectCreated:Post'])(
    'reports %s as a new object',
    (name) => {
      expect(parseS3Events({ Records: [record('landing/a.zip', name)] })[0]?.created).toBe(true);
    },
  );

  it.each(['ObjectRemoved:Delete', 's3:ObjectTagging:Put', 'ObjectRestore:Completed'])(
    'does not report %s as a new object',
    (name) => {
      expect(parseS3Events({ Records: [record('landing/a.zip', name)] })[0]?.created).toBe(false);
    },
  );

  it('parses notifications of MinIO, versitygw (a bare list) and SeaweedFS', () => {
    const minio = { EventName: 's3:ObjectCreated:Put', Key: 'offline/x', Records: [record('landing/a.zip')] };
    expect(parseS3Events(minio)).toHaveLength(1);
    expect(parseS3Events([record('landing/a.zip', 's3:ObjectCreated:Put')])).toHaveLength(1);
    const seaweed = { key: '/buckets/offline/landing/a+b c.zip', event_type: 'create', message: {} };
    expect(parseS3Events(seaweed)).toEqual([
      { bucket: 'offline', keys: ['landing/a+b c.zip'], created: true },
    ]);
  });

  it('returns no event for the test event of a new subscription', () => {
    expect(parseS3Events({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'offline' })).toEqual([]);
  });

  it.each([
    [{ Type: 'Notification', TopicArn: 'arn:aws:sns:x', Message: '{}' }, /raw message delivery/],
    [{ Records: [] }, /not an S3 notification/],
    [{ Records: [{ s3: {} }] }, /at Records\.0\.eventName/],
    [{ Records: Array.from({ length: 1001 }, () => record('a.zip')) }, /maximum of 1000/],
    [{ key: 'landing/a.zip', event_type: 'create' }, /not an S3 notification/],
    [{}, /not an S3 notification/],
    [null, /not an S3 notification/],
    ['text', /not an S3 notification/],
    [[[]], /not an S3 notification/],
  ])('refuses %j', (body, message) => {
    expect(() => parseS3Events(body)).toThrow(message);
  });
});
