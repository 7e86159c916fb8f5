import type { RekognitionClient } from '@aws-sdk/client-rekognition';
import { Client } from '@temporalio/client';
import type { FastifyInstance } from 'fastify';
import { openConnection } from '../../src/client/connection.js';
import { CuratorClient } from '../../src/client/curator-client.js';
import { readConfiguration } from '../../src/config/configuration.js';
import { createEndpoint, type EndpointOptions } from '../../src/endpoint/server.js';
import { Intake, intakeDefaults } from '../../src/intake/intake.js';
import { ModelRunner } from '../../src/models/model-runner.js';
import { PhotoDetector } from '../../src/models/photo-detector.js';
import { createS3Client } from '../../src/storage/client.js';
import { ObjectStore } from '../../src/storage/object-store.js';
import { createPresignClient } from '../../src/storage/presign.js';
import type { Clock } from '../../src/training/await-training.js';
import { createRekognitionClient } from '../../src/training/client.js';
import { Trainer } from '../../src/training/trainer.js';
import { awsOf } from './aws.js';
import { NO_S3 } from './emulator.js';

/** Variables of a command or server whose S3 and Rekognition are unreachable. */
export const NO_AWS = { ...NO_S3, AWS_ENDPOINT_URL_REKOGNITION: 'http://127.0.0.1:9' };

/** The address of no server. Calls to it fail after their deadline, which may be short, since nothing is waited for. */
const NO_TEMPORAL = '127.0.0.1:9';
const AT_ONCE = { queryMs: 200, changeMs: 200 };

export interface TestEndpoint {
  readonly app: FastifyInstance;
  readonly url: string;
  readonly client: CuratorClient;
  readonly intake: Intake;
  readonly store: ObjectStore;
  /** Sends a request, with a JSON body if given; returns the response. */
  call(
    path: string,
    body?: unknown,
    method?: string,
  ): Promise<{ status: number; headers: Headers; body: unknown }>;
  stop(): Promise<void>;
}

/** Starts the endpoint on a free port. Services that are not given are unreachable. */
export async function startTestEndpoint(
  services: {
    s3?: Record<string, string>;
    bucket?: string;
    temporal?: string;
    settings?: NodeJS.ProcessEnv;
    rekognition?: RekognitionClient;
    clock?: Clock;
    /** Longest times of calls to Temporal, in milliseconds. */
    deadlines?: { readonly queryMs: number; readonly changeMs: number };
  },
  options: Partial<EndpointOptions> = {},
): Promise<TestEndpoint> {
  const { s3 = NO_AWS, bucket = 'curator-test', temporal = NO_TEMPORAL } = services;
  const { connection, close } = openConnection({ address: temporal });
  const store = new ObjectStore(createS3Client(awsOf(s3)));
  const { deadlines = temporal === NO_TEMPORAL ? AT_ONCE : { queryMs: 5_000, changeMs: 20_000 } } = services;
  const client = new CuratorClient(new Client({ connection }), store, bucket, deadlines);
  const intake = new Intake(client, intakeDefaults(readConfiguration(services.settings ?? {})));
  const { rekognition = createRekognitionClient(awsOf(NO_AWS)) } = services;
  const app = await createEndpoint({
    intake,
    presignClient: createPresignClient(awsOf(s3)),
    detector: new PhotoDetector(
      client,
      new ModelRunner(rekognition, services.clock),
      new Trainer(rekognition),
    ),
    tokens: [],
    log: process.stderr,
    ...options,
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    app,
    url,
    client,
    intake,
    store,
    call: async (path, body, method = body === undefined ? 'GET' : 'POST') => {
      const response = await fetch(`${url}${path}`, {
        method,
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      const text = await response.text();
      const isJson = /json/.test(response.headers.get('content-type') ?? '');
      return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
    },
    stop: async () => {
      await app.close();
      await close();
    },
  };
}
