import { Worker } from 'node:worker_threads';
import type { Detection } from '../../evaluation/metrics.js';
import { builtModule } from '../../lib/built-module.js';
import type { FittedWindows } from './fitted-windows.js';
import type { FitJob, FromThread, ThreadInput, ToThread } from './messages.js';
import type { Picture } from './picture.js';

const THREAD = builtModule('./thread.js', import.meta.url);

export interface FitOptions extends FitJob {
  /** Reads a picture by its index in `pictures`. Called for one picture at a time, so that few are in memory. */
  readonly read: (index: number) => Promise<Picture>;
  readonly signal: AbortSignal;
}

interface Waiting {
  readonly resolve: (detections: Detection[]) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A fitted detector in a thread of its own, so that this thread can serve requests: a detection computes for up to half
 * a second. Close it after use.
 */
export class DetectorThread {
  private readonly waiting: Waiting[] = [];
  private last: Promise<Detection[]> = Promise.resolve([]);
  private failure: Error | undefined;

  private constructor(
    private readonly worker: Worker,
    readonly fitted: FittedWindows,
  ) {
    worker.on('message', (message: FromThread) => {
      if ('detections' in message) this.waiting.shift()?.resolve(message.detections);
    });
    worker.once('error', (error: Error) => this.fail(error));
    worker.once('exit', (code) => this.fail(exited(code)));
  }

  /** Starts the thread of a detector that is fitted already. */
  static of(fitted: FittedWindows): DetectorThread {
    return new DetectorThread(startThread({ fitted }), fitted);
  }

  /**
   * Fits a detector. The same pictures and seed give the same detector.
   * @throws the error of `read`, or the signal's reason
   */
  static async fit({ pictures, seed, read, signal }: FitOptions): Promise<DetectorThread> {
    signal.throwIfAborted();
    const worker = startThread({ fit: { pictures, seed } });
    try {
      return new DetectorThread(worker, await fitted(worker, read, signal));
    } catch (error) {
      await worker.terminate();
      throw error;
    }
  }

  /** Whether the thread has ended, so that no detection can succeed. */
  get hasEnded(): boolean {
    return this.failure !== undefined;
  }

  /** Returns boxes in whole pixels inside the picture, in descending confidence (0 to 1). */
  async detect(picture: Picture): Promise<Detection[]> {
    if (this.failure) throw this.failure;
    this.last = new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
    post(this.worker, picture);
    return await this.last;
  }

  /** Ends the thread after the detections that have started. */
  async close(): Promise<void> {
    await this.last.catch(() => undefined);
    await this.worker.terminate();
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}

function startThread(input: ThreadInput): Worker {
  return new Worker(THREAD, { workerData: input });
}

/** Sends the pictures that the thread requests, and resolves to the detector that it has fitted. */
async function fitted(worker: Worker, read: FitOptions['read'], signal: AbortSignal): Promise<FittedWindows> {
  const ended = new AbortController();
  try {
    return await new Promise<FittedWindows>((resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true, signal: ended.signal });
      worker.once('error', reject);
      worker.once('exit', (code) => reject(exited(code)));
      let last: Promise<void> = Promise.resolve();
      worker.on('message', (message: FromThread) => {
        if ('fitted' in message) resolve(message.fitted);
        if (!('need' in message)) return;
        last = last
          .then(() => read(message.need))
          .then((picture) => post(worker, picture))
          .catch(reject);
      });
    });
  } finally {
    ended.abort();
  }
}

const exited = (code: number) => new Error(`The thread of the detector exited unexpectedly (code ${code}).`);

function post(worker: Worker, { width, height, rgb }: Picture): void {
  // The bytes may be a view of a shared buffer, which must not be transferred: the thread gets a copy.
  const own = new Uint8Array(rgb);
  worker.postMessage({ width, height, rgb: own } satisfies ToThread, [own.buffer]);
}
