import { rm } from 'node:fs/promises';
import { startTestEmulator, type TestEmulator } from './emulator.js';
import { startTestSeaweedFs, startTestTemporal, type TestS3, temporaryHome } from './servers.js';

/** The services that commands need: S3, Temporal and the emulator, but neither worker nor endpoint. */
export interface TestServices {
  /** A temporary CURATOR_HOME. */
  readonly home: string;
  readonly s3: TestS3;
  readonly temporal: Awaited<ReturnType<typeof startTestTemporal>>;
  readonly emulator: TestEmulator;
  /** Environment variables that point commands to the services. */
  readonly env: Readonly<Record<string, string>>;
  /** Stops all services and deletes the home. */
  stop(): Promise<void>;
}

export async function startTestServices(): Promise<TestServices> {
  const { home } = await temporaryHome();
  const ends: (() => Promise<void>)[] = [async () => await rm(home, { recursive: true, force: true })];
  const stop = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const s3 = await startTestSeaweedFs();
    ends.push(s3.stop);
    const temporal = await startTestTemporal();
    ends.push(temporal.stop);
    const emulator = await startTestEmulator(s3.env);
    ends.push(emulator.stop);
    const env = {
      ...s3.env,
      TEMPORAL_ADDRESS: temporal.address,
      AWS_ENDPOINT_URL_REKOGNITION: emulator.emulator.endpoint,
      CURATOR_HOME: home,
    };
    return { home, s3, temporal, emulator, env, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
