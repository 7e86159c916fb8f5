import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { cli } from '../support/cli.js';
import { startS3Proxy } from '../support/s3-proxy.js';
import { startTestSeaweedFs, type TestS3 } from '../support/servers.js';

const KMS =
  'User: arn:aws:iam::111122223333:user/ana is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:us-east-1:111122223333:key/1 because no identity-based policy allows the kms:Decrypt action';

/** Responses of S3 (Amazon S3 API Reference, "Error responses"). Those to HEAD have no body. */
const REFUSALS = {
  'another region': [
    301,
    'PermanentRedirect',
    'The bucket you are attempting to access must be addressed using the specified endpoint.',
    /the bucket is in eu-west-1: set AWS_REGION=eu-west-1\./,
  ],
  'another region than the signature': [
    400,
    'AuthorizationHeaderMalformed',
    "The authorization header is malformed; the region 'us-east-1' is wrong; expecting 'eu-west-1'",
    /the bucket is in eu-west-1: set AWS_REGION=eu-west-1\./,
  ],
  'expired credentials': [
    400,
    'ExpiredToken',
    'The provided token has expired.',
    /the credentials have expired: sign in again\./,
  ],
  'a wrong clock': [
    403,
    'RequestTimeTooSkewed',
    'The difference between the request time and the current time is too large.',
    /the clock of this machine is wrong by more than 15 minutes: set it\./,
  ],
  'a KMS key': [
    403,
    'AccessDenied',
    KMS,
    /access is denied: .*user\/ana .*kms:Decrypt on resource: .*docs\/aws\.md/,
  ],
  'a server that gives no reason': [
    403,
    'AccessDenied',
    'Access Denied.',
    /access is denied: check the permissions of the credentials in use\.$/,
  ],
} as const;

describe('reasons of S3 for refusing the first request', () => {
  let s3: TestS3;
  let proxy: Awaited<ReturnType<typeof startS3Proxy>> | undefined;
  beforeAll(async () => {
    s3 = await startTestSeaweedFs();
  });
  afterEach(async () => {
    await proxy?.stop();
    proxy = undefined;
  });
  afterAll(async () => await s3.stop());

  it.each(Object.entries(REFUSALS))('commands name %s', async (_, [status, code, text, expected]) => {
    const headers = { 'content-type': 'application/xml', 'x-amz-bucket-region': 'eu-west-1' };
    const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${text}</Message></Error>`;
    proxy = await startS3Proxy(s3.endpoint, () => ({ status, headers, body }));
    const env = { ...s3.env, AWS_ENDPOINT_URL_S3: proxy.endpoint };
    const [read, setup] = await Promise.all([
      cli(['check', 's3://curator-test/faces.zip'], env),
      cli(['bucket', 'setup'], env),
    ]);
    for (const { code: exit, stderr } of [read, setup]) {
      expect(stderr.trimEnd()).toMatch(expected);
      expect(stderr).not.toMatch(/Unknown/);
      expect(exit).toBe(1);
    }
  });
});
