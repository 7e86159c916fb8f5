import { Worker } from 'node:worker_threads';
import type { Detector } from './detector.js';
import type { FitJob, FromThread } from './messages.js';
import type { Picture } from './picture.js';
import { SlidingWindowDetector } from './sliding-windows.js';

/** Threads run the built file, also when tests import the TypeScript sources. */
const THREAD = new URL(
  import.meta.url.includes('/dist/') ? './fit-thread.js' : '../../../dist/emulator/detector/fit-thread.js',
  import.meta.url,
);

export interface FitOptions extends FitJob {
  /** Reads a picture by its index in `pictures`. Called for one picture at a time, so that few are in memory. */
  readonly read: (index: number) => Promise<Picture>;
  readonly signal: AbortSignal;
}

/**
 * Fits a detector in a worker thread, so that this thread can serve requests. The same pictures and seed give the same
 * detector.
 * @throws the error of `read`, or the signal's reason
 */
export async function fitInWorker({ pictures, seed, read, signal }: FitOptions): Promise<Detector> {
  signal.throwIfAborted();
  const job: FitJob = { pictures, seed };
  const worker = new Worker(THREAD, { workerData: job });
  const ended = new AbortController();
  try {
    return await new Promise<Detector>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true, signal: ended.signal });
      worker.once('error', reject);
      worker.once('exit', (code) =>
        reject(new Error(`The fitting thread exited unexpectedly (code ${code}).`)),
      );
      let last: Promise<void> = Promise.resolve();
      worker.on('message', (message: FromThread) => {
        if ('fitted' in message) resolve(new SlidingWindowDetector(message.fitted));
        else last = last.then(() => send(worker, read(message.need))).catch(reject);
      });
    });
  } finally {
    ended.abort();
    await worker.terminate();
  }
}

async function send(worker: Worker, reading: Promise<Picture>): Promise<void> {
  const { width, height, rgb } = await reading;
  // The bytes may be a view of a shared buffer, which must not be transferred: the thread gets a copy.
  const own = Uint8Array.from(rgb);
  worker.postMessage({ width, height, rgb: own }, [own.buffer]);
}
