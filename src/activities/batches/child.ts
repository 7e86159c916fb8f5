import { type ChildProcess, fork } from 'node:child_process';
import { runDecoder } from '../../images/decoder-memory.js';
import type { AwsAccess } from '../../lib/aws-access.js';
import { ProcessLost } from '../../lib/process-lost.js';
import type { ProcessedBatch } from '../../pipeline/process-batch.js';
import { unpackError } from '../packed-error.js';
import type { FromChild, ToChild } from './messages.js';
import type { BatchJob } from './store-batch.js';

interface RunningBatch {
  readonly onImage: () => void;
  readonly resolve: (processed: ProcessedBatch) => void;
  readonly reject: (error: unknown) => void;
}

/** A child process that preprocesses one batch at a time. */
export class BatchChild {
  readonly #child: ChildProcess;
  /** Ends the grants of memory of decoders that run in the child. */
  readonly #grants = new Map<number, () => void>();
  #batch: RunningBatch | undefined;
  #hasEnded = false;

  /** @param onEnd is called when the process has ended, whatever the reason */
  constructor(module: URL, onEnd: () => void) {
    this.#child = fork(module, {
      execArgv: [],
      serialization: 'advanced',
      // Output on stdout is for scripts that wait until the worker is ready.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child.on('message', (message: FromChild) => this.#onMessage(message));
    const end = (error: unknown) => {
      this.#hasEnded = true;
      for (const release of this.#grants.values()) release();
      this.#batch?.reject(error);
      onEnd();
    };
    this.#child.on('error', end);
    this.#child.on('exit', (code, signal) =>
      end(new ProcessLost('preprocesses images', signal ?? `code ${code}`)),
    );
  }

  /** Preprocesses a batch, see `BatchPool.run`. */
  async run(
    aws: AwsAccess,
    job: BatchJob,
    onImage: () => void,
    signal: AbortSignal | undefined,
  ): Promise<ProcessedBatch> {
    const listening = new AbortController();
    try {
      return await new Promise<ProcessedBatch>((resolve, reject) => {
        const aborted = () => reject(signal?.reason);
        signal?.addEventListener('abort', aborted, { signal: listening.signal });
        this.#batch = { onImage, resolve, reject };
        this.#send({ type: 'process', aws, job });
      });
    } finally {
      listening.abort();
      this.#batch = undefined;
    }
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #onMessage(message: FromChild): void {
    switch (message.type) {
      case 'image':
        this.#batch?.onImage();
        break;
      case 'acquire':
        this.#grant(message).catch(() => undefined);
        break;
      case 'release':
        this.#grants.get(message.id)?.();
        this.#grants.delete(message.id);
        break;
      case 'done':
        this.#batch?.resolve(withBuffer(message.processed));
        break;
      case 'failed':
        this.#batch?.reject(unpackError(message.error));
        break;
    }
  }

  /** Holds the memory of a decoder until the decoder or its process ends. */
  async #grant({ id, bytes }: { readonly id: number; readonly bytes: number }): Promise<void> {
    await runDecoder(bytes, async () => {
      if (this.#hasEnded) return;
      this.#send({ type: 'granted', id });
      await new Promise<void>((release) => this.#grants.set(id, release));
    });
  }

  #send(message: ToChild): void {
    // A child that has ended is reported by its `exit` event.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }
}

function withBuffer({ result, thumbnails }: ProcessedBatch): ProcessedBatch {
  const { buffer, byteOffset, length } = thumbnails;
  return { result, thumbnails: Buffer.from(buffer, byteOffset, length) };
}
