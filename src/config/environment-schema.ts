import { isIP } from 'node:net';
import { z } from 'zod';
import { DATASET_NAME_RULE, isDatasetName } from '../dataset/model/identity.js';

/** Shorter tokens can be guessed. */
const MIN_TOKEN_CHARACTERS = 16;

const text = z.string().optional();
const url = z
  .string()
  .refine(isHttpUrl, 'expected an http or https URL, such as http://127.0.0.1:8333')
  .optional();
const dollars = z
  .string()
  .regex(/^\d+(\.\d+)?$/, 'expected US dollars per hour, such as 1.20')
  .transform(Number)
  .optional();
const list = z
  .string()
  .default('')
  .transform((items) =>
    items
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );

/** A tag as Rekognition accepts it: a key of 1 to 128 characters and a value of up to 256, without a comma here. */
const TAG = /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/+@-]{1,128}=[\p{L}\p{Z}\p{N}_.:/=+@-]{0,256}$/u;

/** What METRICS_ADDRESS must be, as messages say it. The SDK resolves no host names. */
export const METRICS_ADDRESS_RULE = 'an IP address and a port, such as 127.0.0.1:9464';

/** Every environment variable except settings and what the local stack reads for its child processes. */
export const environmentSchema = z.object({
  AWS_REGION: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/i, 'expected the name of a region, such as us-east-1')
    .optional(),
  AWS_PROFILE: text,
  AWS_ACCESS_KEY_ID: text,
  AWS_SECRET_ACCESS_KEY: text,
  AWS_SESSION_TOKEN: text,
  AWS_ENDPOINT_URL_S3: url,
  AWS_ENDPOINT_URL_REKOGNITION: url,
  AWS_ENDPOINT_URL_SQS: url,
  AWS_ENDPOINT_URL_STS: url,
  CURATOR_PUBLIC_S3_URL: url,
  BUCKET: z
    .string()
    .regex(/^[^/:\s]+$/, 'expected the name of a bucket, without s3:// and without a path')
    .optional(),
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^/\s]+$/, 'expected host and port, such as 127.0.0.1:7233')
    .optional(),
  TEMPORAL_NAMESPACE: text,
  TEMPORAL_DEPLOYMENT_NAME: text,
  TEMPORAL_WORKER_BUILD_ID: text,
  CURATOR_TEMPORAL_UI: url,
  CURATOR_PAGE: url,
  TRAINER: z.enum(['rekognition', 'emulator'], 'expected rekognition or emulator').optional(),
  TRAINING_HOURLY_RATE_USD: dollars,
  INFERENCE_HOURLY_RATE_USD: dollars,
  KMS_KEY_ID: z
    .string()
    .regex(
      /^[A-Za-z0-9][A-Za-z0-9:_/+=,@.-]{0,2048}$/,
      'expected the ARN, the ID or an alias of a KMS key, such as alias/name',
    )
    .optional(),
  TRAINING_TAGS: list.pipe(z.array(z.string().regex(TAG, 'expected tags such as team=derma,project=skin'))),
  CURATOR_TOKENS: list.pipe(
    z.array(
      z
        .string()
        .min(
          MIN_TOKEN_CHARACTERS,
          `each token must have at least ${MIN_TOKEN_CHARACTERS} characters, so that it cannot be guessed; create one with \`openssl rand -hex 32\``,
        ),
    ),
  ),
  CURATOR_CORS_ORIGINS: list.pipe(
    z.array(
      z
        .string()
        .refine(
          isOrigin,
          'expected origins (scheme, host and port, such as https://example.com), separated by commas',
        ),
    ),
  ),
  CURATOR_TRUSTED_PROXIES: list.pipe(
    z.array(
      z
        .string()
        .refine(isAddressRange, 'expected IP addresses or ranges such as 10.0.0.0/8, separated by commas'),
    ),
  ),
  CURATOR_TOKEN: text,
  DATASET_NAME: z.string().refine(isDatasetName, DATASET_NAME_RULE).optional(),
  CURATOR_PROCESSES: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, 'expected a whole number from 1 to 999')
    .transform(Number)
    .optional(),
  METRICS_ADDRESS: z.string().refine(isSocketAddress, `expected ${METRICS_ADDRESS_RULE}`).optional(),
  LOG_FORMAT: z.enum(['text', 'json'], 'expected text or json').default('text'),
  CURATOR_HOME: z
    .string()
    .regex(/^\P{Cc}*$/u, 'expected a path without line breaks and other control characters')
    .default('.curator'),
});
export type Variables = z.infer<typeof environmentSchema>;

/** The names of all variables that the schema reads. */
export const ENVIRONMENT_VARIABLES: readonly string[] = Object.keys(environmentSchema.shape);

/** Variables whose values are never shown. */
export const SECRETS: ReadonlySet<string> = new Set([
  'CURATOR_TOKENS',
  'CURATOR_TOKEN',
  'AWS_SECRET_ACCESS_KEY',
]);

function isHttpUrl(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
}

/** Whether a text is an IP address and a port from 1 to 65535, with brackets around an IPv6 address. */
export function isSocketAddress(value: string): boolean {
  const [, v4 = '', v6 = '', port] = /^(?:([\d.]+)|\[([^\]]+)\]):(\d{1,5})$/.exec(value) ?? [];
  const hasAddress = isIP(v4) === 4 || isIP(v6) === 6;
  return hasAddress && Number(port) >= 1 && Number(port) <= 65_535;
}

function isAddressRange(value: string): boolean {
  const [address = '', bits, ...rest] = value.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

function isOrigin(value: string): boolean {
  return URL.canParse(value) && new URL(value).origin === value;
}
