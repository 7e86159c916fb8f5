import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { ServiceException } from './errors.js';

export interface SignedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=(?<key>[^/]+)\/(?<date>\d{8})\/(?<region>[^/]+)\/(?<service>[^/]+)\/aws4_request, ?SignedHeaders=(?<signed>[^,]+), ?Signature=(?<signature>[0-9a-f]{64})$/;
const MAX_SKEW_MS = 15 * 60_000;
const SERVICE = 'rekognition';

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();

/**
 * Verifies the AWS Signature Version 4 of a request without a query string (AWS General Reference, "Signature Version 4").
 * @param serviceRegion the only region that requests may be signed for
 * @param now system time in milliseconds since 1970
 * @throws ServiceException if the signature is missing, from an unknown key, for another region, expired or wrong
 */
export function verifySignature(
  request: SignedRequest,
  credentials: Credentials,
  serviceRegion: string,
  now: number,
): void {
  const header = (name: string) => [request.headers[name] ?? ''].flat().join(',').trim().replace(/ +/g, ' ');
  const parts = AUTHORIZATION.exec(header('authorization'))?.groups;
  if (!parts) throw new ServiceException('MissingAuthenticationTokenException');
  const { key = '', date = '', region = '', service = '', signed = '', signature = '' } = parts;
  if (key !== credentials.accessKeyId) throw new ServiceException('UnrecognizedClientException');

  if (region !== serviceRegion) {
    throw new ServiceException(
      'InvalidSignatureException',
      `Credential should be scoped to a valid region, not '${region}'.`,
    );
  }
  const timestamp = header('x-amz-date');
  const skew = parseTimestamp(timestamp) - now;
  if (skew < -MAX_SKEW_MS)
    throw new ServiceException('InvalidSignatureException', `Signature expired: ${timestamp} is too early.`);
  if (skew > MAX_SKEW_MS)
    throw new ServiceException(
      'InvalidSignatureException',
      `Signature not yet current: ${timestamp} is too late.`,
    );
  const isScoped = timestamp.startsWith(date) && service === SERVICE && signed.split(';').includes('host');
  if (Number.isNaN(skew) || !isScoped) {
    throw new ServiceException('InvalidSignatureException');
  }
  const canonical = [
    request.method,
    request.path,
    '',
    ...signed.split(';').map((name) => `${name}:${header(name)}`),
    '',
    signed,
    sha256(request.body),
  ].join('\n');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', timestamp, scope, sha256(canonical)].join('\n');
  const signingKey = [region, service, 'aws4_request'].reduce<Buffer>(
    (derived, part) => hmac(derived, part),
    hmac(`AWS4${credentials.secretAccessKey}`, date),
  );
  if (!timingSafeEqual(hmac(signingKey, toSign), Buffer.from(signature, 'hex'))) {
    throw new ServiceException('InvalidSignatureException');
  }
}

/** Converts `20261124T130501Z` to milliseconds since 1970; NaN if the text has another form. */
function parseTimestamp(text: string): number {
  return Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
}
