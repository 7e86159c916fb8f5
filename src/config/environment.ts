import { resolve } from 'node:path';
import type { z } from 'zod';
import type { AwsAccess } from '../lib/aws-access.js';
import { UsageError } from '../lib/usage-error.js';
import { environmentSchema, SECRETS, type Variables } from './environment-schema.js';
import { shownValue } from './shown-value.js';

/** The values of environment variables that are not settings (for those see `read-settings.ts`). Parsed once per process. */
export interface Environment {
  readonly aws: AwsAccess;
  /** [BUCKET] The bucket that holds the datasets. */
  readonly bucket: string | undefined;
  readonly temporal: TemporalEnvironment;
  /** [CURATOR_PAGE] URL of the page that `curator serve` serves, for links to datasets. */
  readonly page: string | undefined;
  /** [TRAINER] Which service is expected to train. */
  readonly trainer: 'rekognition' | 'emulator' | undefined;
  readonly hourlyRates: HourlyRates;
  readonly training: TrainingEnvironment;
  readonly endpoint: EndpointEnvironment;
  /** [DATASET_NAME] The dataset of archives without a dataset name of their own. */
  readonly datasetName: string | undefined;
  /** [CURATOR_PROCESSES] Processes of a worker that preprocess images. */
  readonly processes: number | undefined;
  readonly telemetry: TelemetryEnvironment;
  /** [CURATOR_HOME] Absolute path of the local stack's folder. */
  readonly home: string;
}

/** Metrics and logs of workers. */
export interface TelemetryEnvironment {
  /** [METRICS_ADDRESS] IP address and port on which a worker serves Prometheus metrics. */
  readonly metricsAddress: string | undefined;
  /** [LOG_FORMAT] The form of a worker's log lines. */
  readonly logFormat: 'text' | 'json';
}

export interface TemporalEnvironment {
  /** The variables that Temporal's own environment configuration reads: TEMPORAL_*, and those that locate its file. */
  readonly variables: Readonly<Record<string, string>>;
  /** [TEMPORAL_NAMESPACE] The namespace in links to Temporal's UI. */
  readonly namespace: string;
  /** [CURATOR_TEMPORAL_UI] Base URL of Temporal's UI, without a slash at its end. */
  readonly ui: string | undefined;
  /** [TEMPORAL_DEPLOYMENT_NAME] The deployment whose versions a worker belongs to. */
  readonly deploymentName: string | undefined;
  /** [TEMPORAL_WORKER_BUILD_ID] The version of that deployment which a worker runs. */
  readonly buildId: string | undefined;
}

/** US dollars per hour, if they are set: [TRAINING_HOURLY_RATE_USD] and [INFERENCE_HOURLY_RATE_USD]. */
export interface HourlyRates {
  readonly training?: number | undefined;
  readonly inference?: number | undefined;
}

export interface TrainingEnvironment {
  /** [KMS_KEY_ID] The key that encrypts Rekognition's copies of the images and its output. */
  readonly kmsKeyId: string | undefined;
  /** [TRAINING_TAGS] Tags of new projects and model versions, for example for the allocation of costs. */
  readonly tags: Readonly<Record<string, string>>;
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

/** Variables that locate Temporal's configuration file if TEMPORAL_CONFIG_FILE does not name it. */
const TEMPORAL_FILE_VARIABLES: ReadonlySet<string> = new Set(['HOME', 'APPDATA', 'XDG_CONFIG_HOME']);

/**
 * The environment as typed values. An empty variable counts as unset.
 * @throws UsageError with one line per invalid variable
 */
export function readEnvironment(env: NodeJS.ProcessEnv = process.env): Environment {
  const variables = setVariables(env);
  const parsed = environmentSchema.safeParse(variables);
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
      deploymentName: data.TEMPORAL_DEPLOYMENT_NAME,
      buildId: data.TEMPORAL_WORKER_BUILD_ID,
    },
    page: data.CURATOR_PAGE,
    trainer: data.TRAINER,
    hourlyRates: { training: data.TRAINING_HOURLY_RATE_USD, inference: data.INFERENCE_HOURLY_RATE_USD },
    training: { kmsKeyId: data.KMS_KEY_ID, tags: Object.fromEntries(data.TRAINING_TAGS.map(toTag)) },
    endpoint: {
      tokens: data.CURATOR_TOKENS,
      corsOrigins: data.CURATOR_CORS_ORIGINS,
      trustedProxies: data.CURATOR_TRUSTED_PROXIES,
      clientToken: data.CURATOR_TOKEN,
    },
    datasetName: data.DATASET_NAME,
    processes: data.CURATOR_PROCESSES,
    telemetry: { metricsAddress: data.METRICS_ADDRESS, logFormat: data.LOG_FORMAT },
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
    const value = SECRETS.has(variable) ? '' : `=${shownValue(variables[variable] ?? '')}`;
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
      sts: data.AWS_ENDPOINT_URL_STS,
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

function toTag(text: string): [string, string] {
  const equals = text.indexOf('=');
  return [text.slice(0, equals), text.slice(equals + 1)];
}
