import type { AwsAccess } from '../../lib/aws-access.js';
import { builtModule } from '../../lib/built-module.js';
import type { ProcessedBatch } from '../../pipeline/process-batch.js';
import { BatchChild } from './child.js';
import type { BatchJob } from './store-batch.js';

/** The program of the children. */
const CHILD = builtModule('./batch-process.js', import.meta.url);

/** An idle process is ended after this time, since it holds some 150 MB. */
const MAX_IDLE_MS = 10_000;

/**
 * Preprocesses batches in child processes, one batch per process at a time. Processes, not threads: each has its own four
 * threads of libuv, which decode, and a picture that ends its decoder ends one batch only.
 */
export class BatchPool {
  readonly #children = new Set<BatchChild>();
  /** The timers that end idle children. */
  readonly #idle = new Map<BatchChild, NodeJS.Timeout>();

  /**
   * @param size the number of batches that the worker runs at once
   * @param module the program of the children
   * @param maxIdleMs milliseconds after which a child without a batch is ended
   */
  constructor(
    private readonly aws: AwsAccess,
    readonly size: number,
    private readonly module = CHILD,
    private readonly maxIdleMs = MAX_IDLE_MS,
  ) {}

  /**
   * Preprocesses a batch as `storeBatch` does, in a process that is idle or new.
   * @throws errors of `storeBatch`; the reason of `signal`; ProcessLost if the process ended
   */
  async run(job: BatchJob, onImage: () => void, signal?: AbortSignal): Promise<ProcessedBatch> {
    signal?.throwIfAborted();
    const child = this.#takeIdle() ?? this.#start();
    try {
      const processed = await child.run(this.aws, job, onImage, signal);
      this.#keepIdle(child);
      return processed;
    } catch (error) {
      // Parts of the batch may still run in it.
      child.kill();
      throw error;
    }
  }

  /** Ends all processes. Batches that run in them fail. */
  close(): void {
    for (const child of this.#idle.keys()) this.#forgetIdle(child);
    for (const child of this.#children) child.kill();
  }

  #start(): BatchChild {
    const child = new BatchChild(this.module, () => {
      this.#children.delete(child);
      this.#forgetIdle(child);
    });
    this.#children.add(child);
    return child;
  }

  /** Keeps a process for the next batch, for a while. */
  #keepIdle(child: BatchChild): void {
    const end = () => {
      this.#forgetIdle(child);
      child.kill();
    };
    this.#idle.set(child, setTimeout(end, this.maxIdleMs).unref());
  }

  /** The process that ended its batch last; undefined if none is idle. */
  #takeIdle(): BatchChild | undefined {
    const child = [...this.#idle.keys()].at(-1);
    if (child) this.#forgetIdle(child);
    return child;
  }

  #forgetIdle(child: BatchChild): void {
    clearTimeout(this.#idle.get(child));
    this.#idle.delete(child);
  }
}
