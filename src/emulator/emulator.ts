import type { AwsAccess } from '../lib/aws-access.js';
import { UsageError } from '../lib/usage-error.js';
import { createS3Client } from '../storage/client.js';
import { ObjectStore } from '../storage/object-store.js';
import { Chaos, type ChaosSettings, NO_CHAOS } from './chaos.js';
import { emulatedClock } from './clock.js';
import { type FitAndTest, fitAndTest } from './fit.js';
import { createEmulatorServer } from './server.js';
import { RekognitionService } from './service.js';
import { State } from './state.js';

export interface EmulatorOptions {
  readonly host?: string;
  /** 0 selects a free port. */
  readonly port: number;
  /** Folder of the state file and the files of datasets and models. */
  readonly stateFolder: string;
  /** Minimum duration of a training in milliseconds, measured by the emulator's clock. */
  readonly trainingMs: number;
  /** Duration of starting, stopping, deleting and updating in milliseconds, measured by the emulator's clock. */
  readonly transitionMs?: number;
  readonly chaos?: ChaosSettings;
  readonly chaosSeed?: number;
  /** Speed of the emulator's clock as a multiple of the system clock's. */
  readonly clockSpeed?: number;
  /** Access to S3, the region of ARNs, and the credentials that requests must be signed with. */
  readonly aws: AwsAccess;
  /** Replaces the emulator's clock; returns milliseconds since 1970. */
  readonly now?: () => number;
  /** Replaces the fit of the local detector. */
  readonly fit?: FitAndTest;
  readonly log?: (message: string) => void;
}

export interface Emulator {
  readonly endpoint: string;
  readonly service: RekognitionService;
  stop(): Promise<void>;
}

/** Long enough for a client to see the transition, short enough for a person to wait. */
const DEFAULT_TRANSITION_MS = 1_000;

/**
 * Starts the Rekognition Custom Labels emulator and resumes the jobs of its state folder.
 * @throws UsageError if credentials are missing; Error if the state file is not valid
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { aws, host = '127.0.0.1' } = options;
  if (!aws.credentials) {
    throw new UsageError(
      'The emulator checks signatures: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and unset AWS_PROFILE.',
    );
  }
  const log = options.log ?? (() => undefined);
  const state = new State(options.stateFolder);
  const service = new RekognitionService({
    state,
    store: new ObjectStore(createS3Client(aws)),
    region: aws.region ?? 'us-east-1',
    trainingMs: options.trainingMs,
    transitionMs: options.transitionMs ?? DEFAULT_TRANSITION_MS,
    now: options.now ?? emulatedClock(state, options.clockSpeed ?? 1),
    fit: options.fit ?? fitAndTest,
    chaos: new Chaos(options.chaos ?? NO_CHAOS, options.chaosSeed ?? 0),
    log,
  });
  const server = createEmulatorServer(service, aws.credentials, log);
  const endpoint = await server.listen({ host, port: options.port });
  return {
    endpoint,
    service,
    stop: async () => {
      await service.stop();
      await server.close();
    },
  };
}
