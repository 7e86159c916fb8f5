import { createS3Client } from '../../storage/client.js';
import { ObjectStore } from '../../storage/object-store.js';
import { createEmulatorServer } from './server.js';
import { RekognitionService } from './service.js';
import { State } from './state.js';

export interface EmulatorOptions {
  readonly host?: string;
  /** 0: a free one. */
  readonly port: number;
  /** Folder that the state lives in. */
  readonly stateFolder: string;
  readonly trainingMs: number;
  /** Where S3, region and credentials are found. */
  readonly env: NodeJS.ProcessEnv;
  readonly now?: () => number;
  readonly log?: (message: string) => void;
}

export interface Emulator {
  readonly endpoint: string;
  readonly service: RekognitionService;
  stop(): Promise<void>;
}

/** Starts the Rekognition Custom Labels emulator. */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { env, host = '127.0.0.1' } = options;
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (!accessKeyId || !secretAccessKey) {
    throw new Error('The emulator checks signatures: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.');
  }
  const log = options.log ?? (() => undefined);
  const service = new RekognitionService({
    state: new State(options.stateFolder),
    store: new ObjectStore(createS3Client(env)),
    region: env.AWS_REGION ?? 'us-east-1',
    trainingMs: options.trainingMs,
    now: options.now ?? Date.now,
    log,
  });
  const server = createEmulatorServer(service, { accessKeyId, secretAccessKey }, log);
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
