import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { verifySignature } from '../../src/emulator/sigv4.js';

const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const REGION = 'us-east-1';
const NOW = Date.parse('2026-11-24T23:55:01Z');
const BODY = Buffer.from('{"MaxResults":1}');

const hex = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();

/** A request that is signed step by step as described in the AWS General Reference. */
function signed(parts: { date?: string; service?: string; secret?: string; names?: string[] } = {}) {
  const {
    date = '20261124T235501Z',
    service = 'rekognition',
    secret = CREDENTIALS.secretAccessKey,
    names = ['host', 'x-amz-date'],
  } = parts;
  const headers: Record<string, string> = { host: '127.0.0.1:8334', 'x-amz-date': date };
  const canonicalHeaders = names.map((name) => `${name}:${headers[name]}\n`).join('');
  const canonical = `POST\n/\n\n${canonicalHeaders}\n${names.join(';')}\n${hex(BODY)}`;
  const day = '20261124';
  const scope = `${day}/us-east-1/${service}/aws4_request`;
  const dayKey = hmac(`AWS4${secret}`, day);
  const key = hmac(hmac(hmac(dayKey, 'us-east-1'), service), 'aws4_request');
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${hex(canonical)}`).toString('hex');
  headers.authorization = `AWS4-HMAC-SHA256 Credential=${CREDENTIALS.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { method: 'POST', path: '/', headers, body: BODY };
}

const MINUTE = 60_000;
const refused = (code: string) => expect.objectContaining({ code });

describe('verifySignature', () => {
  it('accepts a request with the signed key, secret, headers and body', () => {
    expect(() => verifySignature(signed(), CREDENTIALS, REGION, NOW)).not.toThrow();
  });

  it('accepts a clock difference of up to 15 minutes', () => {
    for (const skew of [15 * MINUTE, -15 * MINUTE]) {
      expect(() => verifySignature(signed(), CREDENTIALS, REGION, NOW + skew)).not.toThrow();
      expect(() => verifySignature(signed(), CREDENTIALS, REGION, NOW + skew * 1.1)).toThrow(
        refused('InvalidSignatureException'),
      );
    }
  });

  it.each([
    ['signed with another secret', signed({ secret: 'guessed' })],
    ['signed for another service', signed({ service: 's3' })],
    ['that does not sign the host', signed({ names: ['x-amz-date'] })],
    ['with a malformed date', signed({ date: '20261124T25' })],
    ['whose key is of another day', signed({ date: '20261125T000001Z' })],
    ['with another body', { ...signed(), body: Buffer.from('{}') }],
  ])('refuses a request %s', (_, request) => {
    expect(() => verifySignature(request, CREDENTIALS, REGION, NOW)).toThrow(
      refused('InvalidSignatureException'),
    );
  });

  it('refuses a request that is signed for another region', () => {
    expect(() => verifySignature(signed(), CREDENTIALS, 'eu-west-1', NOW)).toThrow(
      "Credential should be scoped to a valid region, not 'us-east-1'.",
    );
  });

  it('refuses a request without a signature', () => {
    const request = { ...signed(), headers: { host: 'x' } };
    expect(() => verifySignature(request, CREDENTIALS, REGION, NOW)).toThrow(
      refused('MissingAuthenticationTokenException'),
    );
  });
});
