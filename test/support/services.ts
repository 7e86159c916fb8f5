import { rm } from 'node:fs/promises';
import type { EmulatorOptions } from '../../src/emulator/emulator.js';
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

/** @param options of the emulator */
export async function startTestServices(options: Partial<EmulatorOptions> = {}): Promise<TestServices> {
  return await withTestServers(async ({ home, s3, temporal }, started) => {
    const emulator = started(await startTestEmulator(s3.env, options));
    const env = {
      ...s3.env,
      TEMPORAL_ADDRESS: temporal.address,
      AWS_ENDPOINT_URL_REKOGNITION: emulator.emulator.endpoint,
      CURATOR_HOME: home,
    };
    return { emulator, env };
  });
}

/** Registers a server that is stopped with the others, in reverse order, and returns it. */
type Started = <T extends { stop(): Promise<void> }>(server: T) => T;
type TestServers = Pick<TestServices, 'home' | 's3' | 'temporal'>;

/**
 * Starts S3 and Temporal, then what `startOthers` starts. If one of them does not start, the others are stopped. Returns all of
 * them with a function that stops them and deletes the home.
 */
export async function withTestServers<T extends object>(
  startOthers: (servers: TestServers, started: Started) => Promise<T>,
): Promise<TestServers & T & { stop(): Promise<void> }> {
  const { home } = await temporaryHome();
  const ends: (() => Promise<void>)[] = [async () => await rm(home, { recursive: true, force: true })];
  const stop = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  const started: Started = (server) => {
    ends.push(() => server.stop());
    return server;
  };
  try {
    const servers = {
      home,
      s3: started(await startTestSeaweedFs()),
      temporal: started(await startTestTemporal()),
    };
    return { ...servers, ...(await startOthers(servers, started)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
