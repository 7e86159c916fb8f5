import { GetBucketOwnershipControlsCommand, PutBucketOwnershipControlsCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createS3Client } from '../../src/storage/client.js';
import { awsOf } from '../support/aws.js';
import { cli } from '../support/cli.js';
import { startTestSeaweedFs, type TestS3 } from '../support/servers.js';

describe('curator bucket setup of a bucket whose objects may be public through ACLs', () => {
  let s3: TestS3;
  beforeAll(async () => {
    s3 = await startTestSeaweedFs();
  });
  afterAll(() => s3.stop());

  const client = () => createS3Client(awsOf(s3.env));
  const ownership = async () => {
    const { OwnershipControls } = await client().send(
      new GetBucketOwnershipControlsCommand({ Bucket: s3.bucket }),
    );
    return OwnershipControls?.Rules?.[0]?.ObjectOwnership;
  };
  const allowAcls = async () => {
    const OwnershipControls = { Rules: [{ ObjectOwnership: 'ObjectWriter' as const }] };
    await client().send(new PutBucketOwnershipControlsCommand({ Bucket: s3.bucket, OwnershipControls }));
  };
  const setup = async (args: readonly string[], env: Record<string, string> = {}) =>
    await cli(['bucket', 'setup', ...args], { ...s3.env, ...env });

  it('changes nothing, and says how to make it private or to keep its readers', async () => {
    await allowAcls();
    const { code, stdout, stderr } = await setup([]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/Nothing was changed\. .*--block-public-access; .*--manifest-access=acl/);
    expect(await ownership()).toBe('ObjectWriter');
  });

  it('makes it private with --block-public-access, and can then be repeated without', async () => {
    await allowAcls();
    expect(await setup(['--block-public-access'])).toMatchObject({ code: 0 });
    expect(await ownership()).toBe('BucketOwnerEnforced');
    expect(await setup([])).toMatchObject({ code: 0 });
  });

  it.each<[string, string[], Record<string, string>]>([
    ['--manifest-access=acl', ['--manifest-access=acl'], {}],
    ['MANIFEST_ACCESS=acl', [], { MANIFEST_ACCESS: 'acl' }],
  ])('keeps its readers with %s', async (_, args, env) => {
    await allowAcls();
    expect(await setup(args, env)).toMatchObject({ code: 0 });
    expect(await ownership()).toBe('BucketOwnerPreferred');
  });
});
