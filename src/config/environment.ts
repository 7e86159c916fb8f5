import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { z } from 'zod';
import { DATASET_NAME_RULE, isDatasetName } from '../dataset/model/identity.js';
import type { AwsAccess } from '../lib/aws-access.js';
import { UsageError } from '../lib/usage-error.js';

/** The values of environment variables that are not settings (for those see `read-settings.ts`). Parsed once per process. */
export interface Environment {
  readonly aws: AwsAccess;
  /** [BUCKET] The bucket that holds the datasets. */
  readonly bucket: string | undefined;
  readonly temporal: TemporalEnvironment;
  /** [TRAINER] Which service is expected to train. */
  readonly trainer: 'rekognition' | 'emulator' | undefined;
  readonly hourlyRates: HourlyRates;
  readonly endpoint: EndpointEnvironment;
  /** [DATASET_NAME] The dataset of archives without a dataset name of their own. */
  readonly datasetName: string | undefined;
  /** [CURATOR_HOME] Absolute path of the local stack's folder. */
  readonly home: string;
}

export interface TemporalEnvironment {
  /** The variables that Temporal's own environment configuration reads: TEMPORAL_*, and those that locate its file. */
  readonly variables: Readonly<Record<string, string>>;
  /** [TEMPORAL_NAMESPACE] The namespace in links to Temporal's UI. */
  readonly namespace: string;
  /** [CURATOR_TEMPORAL_UI] Base URL of Temporal's UI, without a slash at its end. */
  readonly ui: string | undefined;
}

/** US dollars per hour, if they are set: [TRAINING_HOURLY_RATE_USD] and [INFERENCE_HOURLY_RATE_USD]. */
export interface HourlyRates {
  readonly training?: number | undefined;
  readonly inference?: number | undefined;
}

export interface EndpointEnvironment {
  /** [CURATOR_TOKENS] Bearer tokens that the endpoint accepts. */
  readonly tokens: readonly string[];
  /** [CURATOR_CORS_ORIGINS] Origins, beside the endpoint's own, whose pages may call it and upload to the bucket. */
  readonly corsOrigins: readonly string[];
  /** [CURATOR_TRUSTED_PROXIES] Addresses of reverse proxies whose `X-Forwarded-*` headers are believed. */
  readonly trustedProxies: readonly string[];
  /** [CURATOR_TOKEN] The bearer token that `curator ingest --endpoint` sends. */
  readonly clientToken: string | undefined;
}

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

/** Every environment variable except settings and what the local stack reads for its child processes. */
const schema = z.object({
  AWS_REGION: text,
  AWS_PROFILE: text,
  AWS_ACCESS_KEY_ID: text,
  AWS_SECRET_ACCESS_KEY: text,
  AWS_SESSION_TOKEN: text,
  AWS_ENDPOINT_URL_S3: url,
  AWS_ENDPOINT_URL_REKOGNITION: url,
  AWS_ENDPOINT_URL_SQS: url,
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
  CURATOR_TEMPORAL_UI: url,
  TRAINER: z.enum(['rekognition', 'emulator'], 'expected rekognition or emulator').optional(),
  TRAINING_HOURLY_RATE_USD: dollars,
  INFERENCE_HOURLY_RATE_USD: dollars,
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
  CURATOR_HOME: z.string().default('.curator'),
});
type Variables = z.infer<typeof schema>;

/** The names of all variables that the schema reads. */
export const ENVIRONMENT_VARIABLES: readonly string[] = Object.keys(schema.shape);

/** Variables whose values are never shown. */
const SECRETS: ReadonlySet<string> = new Set(['CURATOR_TOKENS', 'CURATOR_TOKEN', 'AWS_SECRET_ACCESS_KEY']);

/** Variables that locate Temporal's configuration file if TEMPORAL_CONFIG_FILE does not name it. */
const TEMPORAL_FILE_VARIABLES: ReadonlySet<string> = new Set(['HOME', 'APPDATA', 'XDG_CONFIG_HOME']);

/**
 * The environment as typed values. An empty variable counts as unset.
 * @throws UsageError with one line per invalid variable
 */
export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  const variables = setVariables(env);
  const parsed = schema.safeParse(variables);
  if (!parsed.success) throw new UsageError(mistakes(parsed.error, variables).join('\n'));
  const { data } = parsed;
  return {
    aws: awsAccess(data),
    bucket: data.BUCKET,
    temporal: {
      variables: Object.fromEntries(
        Object.entries(variables).filter(
          ([name]) => name.startsWith('TEMPORAL_') || TEMPORAL_FILE_VARIABLES.has(name),
        ),
      ),
      namespace: data.TEMPORAL_NAMESPACE ?? 'default',
      ui: data.CURATOR_TEMPORAL_UI?.replace(/\/$/, ''),
    },
    trainer: data.TRAINER,
    hourlyRates: { training: data.TRAINING_HOURLY_RATE_USD, inference: data.INFERENCE_HOURLY_RATE_USD },
    endpoint: {
      tokens: data.CURATOR_TOKENS,
      corsOrigins: data.CURATOR_CORS_ORIGINS,
      trustedProxies: data.CURATOR_TRUSTED_PROXIES,
      clientToken: data.CURATOR_TOKEN,
    },
    datasetName: data.DATASET_NAME,
    home: resolve(data.CURATOR_HOME),
  };
}

/**
 * The bucket that holds the datasets.
 * @throws UsageError if BUCKET is not set
 */
export function requireBucket({ bucket }: Environment): string {
  if (bucket === undefined)
    throw new UsageError('BUCKET is not set: set it to the name of the bucket that holds the datasets.');
  return bucket;
}

/** One line per invalid variable: its name, its value unless it is secret, and what is expected. */
function mistakes(error: z.ZodError, variables: Readonly<Record<string, string>>): string[] {
  const byVariable = new Map<string, string>();
  for (const { path, message } of error.issues) {
    const variable = String(path[0]);
    const value = SECRETS.has(variable) ? '' : `=${variables[variable]}`;
    if (!byVariable.has(variable)) byVariable.set(variable, `${variable}${value}: ${message}`);
  }
  return [...byVariable.values()];
}

/** The AWS SDK reads a profile before static credentials, so these count only if no profile is named. */
function awsAccess(data: Variables): AwsAccess {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = data;
  const isStatic = accessKeyId !== undefined && secretAccessKey !== undefined;
  return {
    region: data.AWS_REGION,
    credentials:
      isStatic && data.AWS_PROFILE === undefined
        ? { accessKeyId, secretAccessKey, sessionToken: data.AWS_SESSION_TOKEN }
        : undefined,
    endpoints: {
      s3: data.AWS_ENDPOINT_URL_S3,
      publicS3: data.CURATOR_PUBLIC_S3_URL,
      rekognition: data.AWS_ENDPOINT_URL_REKOGNITION,
      sqs: data.AWS_ENDPOINT_URL_SQS,
    },
  };
}

function setVariables(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value === undefined || value === '' ? [] : [[name, value]],
    ),
  );
}

function isHttpUrl(value: string): boolean {
  return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);
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
