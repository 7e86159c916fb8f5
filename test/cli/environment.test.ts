import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { readConfiguration } from '../../src/config/configuration.js';
import { readEnvironment } from '../../src/config/environment.js';
import { UsageError } from '../../src/lib/usage-error.js';
import { cli } from '../support/cli.js';

const SRC = fileURLToPath(new URL('../../src/', import.meta.url));

describe('readEnvironment', () => {
  it('returns no credentials, endpoints, bucket or tokens if nothing is set', () => {
    const environment = readEnvironment({});
    expect(environment).toMatchObject({
      temporal: { namespace: 'default', variables: {} },
      endpoint: { tokens: [], corsOrigins: [] },
      home: `${process.cwd()}/.curator`,
    });
    expect(environment.aws).toEqual({ endpoints: {} });
    expect(environment.bucket).toBeUndefined();
  });

  it('treats an empty variable as unset', () => {
    const names = [
      'BUCKET',
      'TRAINER',
      'AWS_ENDPOINT_URL_S3',
      'CURATOR_TOKENS',
      'DATASET_NAME',
      'CURATOR_HOME',
    ];
    expect(readEnvironment(Object.fromEntries(names.map((name) => [name, ''])))).toEqual(readEnvironment({}));
  });

  it('passes a session token on with the credentials it belongs to', () => {
    const keys = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'session' };
    expect(readEnvironment(keys).aws.credentials).toEqual({
      accessKeyId: 'key',
      secretAccessKey: 'secret',
      sessionToken: 'session',
    });
  });

  it('leaves credentials to the AWS SDK if AWS_PROFILE names a profile', () => {
    const keys = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret', AWS_PROFILE: 'work' };
    expect(readEnvironment(keys).aws.credentials).toBeUndefined();
  });

  it('passes on only the variables that Temporal reads', () => {
    const variables = { TEMPORAL_ADDRESS: 'temporal.example:7233', TEMPORAL_API_KEY: 'k', HOME: '/home/ada' };
    expect(readEnvironment({ ...variables, PATH: '/bin' }).temporal.variables).toEqual(variables);
  });

  it('reads tags, whose values may contain an equals sign', () => {
    expect(readEnvironment({ TRAINING_TAGS: 'team=derma, url=a=b,empty=' }).training.tags).toEqual({
      ...{ team: 'derma', url: 'a=b', empty: '' },
    });
  });

  it.each(['127.0.0.1:9464', '0.0.0.0:1', '[::1]:65535'])('accepts METRICS_ADDRESS=%s', (address) => {
    expect(readEnvironment({ METRICS_ADDRESS: address }).telemetry.metricsAddress).toBe(address);
  });

  it('reads comma-separated tokens and origins', () => {
    const { endpoint } = readEnvironment({
      CURATOR_TOKENS: '0123456789abcdef, fedcba9876543210,',
      CURATOR_CORS_ORIGINS: 'https://one.example,http://two.example:8080',
      CURATOR_TRUSTED_PROXIES: '10.0.0.0/8, ::1',
    });
    expect(endpoint).toMatchObject({
      tokens: ['0123456789abcdef', 'fedcba9876543210'],
      corsOrigins: ['https://one.example', 'http://two.example:8080'],
    });
  });

  it.each([
    ['AWS_ENDPOINT_URL_S3', 'localhost:8333', 'expected an http or https URL'],
    ['AWS_ENDPOINT_URL_REKOGNITION', 'ftp://host', 'expected an http or https URL'],
    ['CURATOR_PUBLIC_S3_URL', 'nowhere', 'expected an http or https URL'],
    ['BUCKET', 's3://datasets', 'without s3://'],
    ['TEMPORAL_ADDRESS', 'http://127.0.0.1:7233', 'expected host and port'],
    ['TRAINER', 'sagemaker', 'expected rekognition or emulator'],
    ['TRAINING_HOURLY_RATE_USD', 'four', 'expected US dollars per hour'],
    ['TRAINING_HOURLY_RATE_USD', '-1', 'expected US dollars per hour'],
    ['INFERENCE_HOURLY_RATE_USD', 'Infinity', 'expected US dollars per hour'],
    ['KMS_KEY_ID', 'alias/my key', 'alias of a KMS key'],
    ['KMS_KEY_ID', '/key', 'alias of a KMS key'],
    ['TRAINING_TAGS', 'team', 'expected tags such as'],
    ['TRAINING_TAGS', 'team=derma,aws:x=y', 'expected tags such as'],
    ['CURATOR_CORS_ORIGINS', '*', 'expected origins'],
    ['CURATOR_TRUSTED_PROXIES', 'loopback', 'expected IP addresses'],
    ['CURATOR_TRUSTED_PROXIES', '10.0.0.0/33', 'expected IP addresses'],
    ['CURATOR_CORS_ORIGINS', 'https://one.example/path', 'expected origins'],
    ['DATASET_NAME', 'Not A Name', 'use a-z, 0-9'],
    ['METRICS_ADDRESS', 'localhost:9464', 'expected an IP address and a port'],
    ['METRICS_ADDRESS', '127.0.0.1', 'expected an IP address and a port'],
    ['METRICS_ADDRESS', '127.0.0.1:0', 'expected an IP address and a port'],
    ['METRICS_ADDRESS', '127.0.0.1:65536', 'expected an IP address and a port'],
    ['METRICS_ADDRESS', '::1:9464', 'expected an IP address and a port'],
    ['LOG_FORMAT', 'xml', 'expected text or json'],
  ])('refuses %s=%s with what is expected', (variable, value, expected) => {
    const message = mistakesOf(() => readEnvironment({ [variable]: value }));
    expect(message).toContain(`${variable}=${value}: `);
    expect(message).toContain(expected);
  });

  it('reports every invalid variable on its own line, without showing tokens', () => {
    const message = mistakesOf(() =>
      readEnvironment({ TRAINER: 'nobody', CURATOR_TOKENS: 'short,tiny', BUCKET: 'a/b' }),
    );
    expect(message.split('\n')).toEqual([
      expect.stringMatching(/^BUCKET=a\/b: /),
      expect.stringMatching(/^TRAINER=nobody: /),
      expect.stringMatching(/^CURATOR_TOKENS: .*at least 16 characters/),
    ]);
    expect(message).not.toMatch(/short|tiny/);
  });
});

describe('readConfiguration', () => {
  it('reports invalid variables and invalid settings together', () => {
    const message = mistakesOf(() => readConfiguration({ TRAINER: 'nobody', SEED: 'x' }, { valSplit: '7' }));
    expect(message.split('\n')).toEqual([
      expect.stringMatching(/^TRAINER=nobody: /),
      expect.stringMatching(/^--val-split=7: /),
      expect.stringMatching(/^SEED=x: /),
    ]);
  });
});

describe('a command with several invalid variables', () => {
  const env = { TEMPORAL_ADDRESS: '127.0.0.1:1', BUCKET: 's3://b', TRAINER: 'nobody', VAL_SPLIT: '7' };

  it.each([
    [['worker']],
    [['serve']],
    [['ingest', 'a.zip']],
    [['events', '--queue', 'http://127.0.0.1:1/q']],
  ])('%j reports all invalid variables in one message and exits with 2', async (args) => {
    const { code, stdout, stderr } = await cli(args, env);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n')).toEqual([
      expect.stringMatching(/^curator: BUCKET=s3:\/\/b: expected/),
      expect.stringMatching(/^TRAINER=nobody: expected/),
      expect.stringMatching(/^VAL_SPLIT=7: must be above 0 and below 1/),
    ]);
  });

  it('the emulator reports several invalid variables together', async () => {
    const { code, stderr } = await cli(['emulate', 'rekognition', '--port', '1'], env);
    expect(code).toBe(2);
    expect(stderr).toMatch(/BUCKET=.*\nTRAINER=/);
  });
});

describe('the source code', () => {
  /** The parser of the environment, the entries, and what starts child processes. */
  const READERS = [/^config\//, /^cli\/main\.ts$/, /^cli\/services\.ts$/, /^api\/client\.ts$/, /^local\//];

  it('reads environment variables in config/, in the entries and for child processes only', () => {
    const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.ts'),
    );
    const readers = files.filter((path) =>
      /process\.env|NodeJS\.ProcessEnv/.test(readFileSync(`${SRC}${path}`, 'utf8')),
    );
    expect(readers.length).toBeGreaterThan(3);
    expect(readers.filter((path) => !READERS.some((allowed) => allowed.test(path)))).toEqual([]);
  });
});

function mistakesOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('Nothing was refused.');
}
