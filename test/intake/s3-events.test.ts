import { describe, expect, it } from '@jest/globals';
import { parseS3Events } from '../../src/intake/s3-events.js';

const record = (key: string, eventName = 'ObjectCreated:Put') => ({
  eventVersion: '2.1',
  eventSource: 'aws:s3',
  eventName,
  s3: { bucket: { name: 'offline', arn: 'arn:aws:s3:::offline' }, object: { key, size: 5, eTag: 'e' } },
});

describe('S3 notifications', () => {
  it("reads AWS's, with keys encoded as forms encode them", () => {
    const body = { Records: [record('landing/skin/a/Face+Skin+%C3%BC%2Bx.zip')] };
    expect(parseS3Events(body)).toEqual([
      {
        bucket: 'offline',
        keys: ['landing/skin/a/Face Skin ü+x.zip', 'landing/skin/a/Face+Skin+%C3%BC%2Bx.zip'],
        created: true,
      },
    ]);
  });

  it('keeps a key that is not encoded as a second reading, and one that cannot be decoded as it is', () => {
    expect(parseS3Events({ Records: [record('landing/a+b.zip')] })[0]?.keys).toEqual([
      'landing/a b.zip',
      'landing/a+b.zip',
    ]);
    expect(parseS3Events({ Records: [record('landing/100%.zip')] })[0]?.keys).toEqual(['landing/100%.zip']);
  });

  it.each(['s3:ObjectCreated:CompleteMultipartUpload', 'ObjectCreated:Copy', 's3:ObjectCreated:Post'])(
    'takes %s for a new object',
    (name) => {
      expect(parseS3Events({ Records: [record('landing/a.zip', name)] })[0]?.created).toBe(true);
    },
  );

  it.each(['ObjectRemoved:Delete', 's3:ObjectTagging:Put', 'ObjectRestore:Completed'])(
    'does not take %s for a new object',
    (name) => {
      expect(parseS3Events({ Records: [record('landing/a.zip', name)] })[0]?.created).toBe(false);
    },
  );

  it("reads MinIO's, versitygw's bare list and SeaweedFS's", () => {
    const minio = { EventName: 's3:ObjectCreated:Put', Key: 'offline/x', Records: [record('landing/a.zip')] };
    expect(parseS3Events(minio)).toHaveLength(1);
    expect(parseS3Events([record('landing/a.zip', 's3:ObjectCreated:Put')])).toHaveLength(1);
    const seaweed = { key: '/buckets/offline/landing/a+b c.zip', event_type: 'create', message: {} };
    expect(parseS3Events(seaweed)).toEqual([
      { bucket: 'offline', keys: ['landing/a+b c.zip'], created: true },
    ]);
  });

  it('takes the test event of a new subscription for no event', () => {
    expect(parseS3Events({ Service: 'Amazon S3', Event: 's3:TestEvent', Bucket: 'offline' })).toEqual([]);
  });

  it.each([
    [{ Type: 'Notification', TopicArn: 'arn:aws:sns:x', Message: '{}' }, /raw message delivery/],
    [{ Records: [] }, /no S3 notification/],
    [{ Records: [{ s3: {} }] }, /at Records\.0\.eventName/],
    [{ Records: Array.from({ length: 1001 }, () => record('a.zip')) }, /up to 1000/],
    [{ key: 'landing/a.zip', event_type: 'create' }, /no S3 notification/],
    [{}, /no S3 notification/],
    [null, /no S3 notification/],
    ['text', /no S3 notification/],
    [[[]], /no S3 notification/],
  ])('refuses %j', (body, message) => {
    expect(() => parseS3Events(body)).toThrow(message);
  });
});
