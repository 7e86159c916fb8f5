import { S3ServiceException } from '@aws-sdk/client-s3';
import { describe, expect, it } from '@jest/globals';
import { storageError } from '../../src/storage/errors.js';

const refused = (name: string) =>
  storageError(
    new S3ServiceException({
      name,
      message: 'Refused.',
      $fault: 'client',
      $metadata: { httpStatusCode: 403 },
    }),
    'write',
    'bucket',
    'a.jpg',
  );

describe('a clock that jumps', () => {
  it('a request that S3 refuses because of a wrong clock is repeated, and the message names the clock', () => {
    expect(refused('RequestTimeTooSkewed')).toMatchObject({
      retryable: true,
      message: expect.stringMatching(/^Could not write s3:\/\/bucket\/a\.jpg: the clock of this machine/),
    });
  });

  it('a request that S3 refuses because of a wrong key is not repeated', () => {
    expect(refused('InvalidAccessKeyId')).toMatchObject({ retryable: false });
  });
});
