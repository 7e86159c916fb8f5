import { afterAll, beforeAll } from '@jest/globals';
import { NO_S3, startTestEmulator, type TestEmulator } from './emulator.js';

/** The emulator of a test file. Its fields exist once the tests run. */
export interface SharedEmulator extends Pick<TestEmulator, 'emulator' | 'client'> {
  /** Restarts the emulator with the same state. */
  restart(): Promise<void>;
}

/** Starts one emulator before the tests of a file or `describe` and stops it after them. */
export function useTestEmulator(): SharedEmulator {
  let running: TestEmulator | undefined;
  beforeAll(async () => {
    running = await startTestEmulator(NO_S3);
  });
  afterAll(() => running?.stop());
  const started = () => {
    if (!running) throw new Error('The emulator has not started: use it inside of tests.');
    return running;
  };
  return {
    get emulator() {
      return started().emulator;
    },
    get client() {
      return started().client;
    },
    restart: async () => {
      running = await started().restart();
    },
  };
}
