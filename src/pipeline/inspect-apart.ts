import { type ChildProcess, fork } from 'node:child_process';
import type { ByteSource } from '../archive/source.js';
import { DatasetError } from '../dataset/model/errors.js';
import type { DatasetSettings } from '../dataset/model/settings.js';
import type { PlanBatch } from '../dataset/model/types.js';
import { byCodePoint } from '../lib/order.js';
import type { Inspected } from './inspect.js';
import type { FromChild, ToChild } from './inspect-messages.js';

/** The child runs the built file, also when tests import the TypeScript sources. */
const CHILD = new URL(
  import.meta.url.includes('/dist/') ? './inspect-process.js' : '../../dist/pipeline/inspect-process.js',
  import.meta.url,
);

const MB = 1024 * 1024;
/** Heap of the child in MB for a small archive. With it, worker and child stay below 600 MB. */
const MIN_HEAP_MB = 180;
/** The records of 250,000 images of 1 KB with a million boxes need less. */
const HEAP_MB_PER_MB = 4;
const MAX_HEAP_MB = 4096;
/** Maximum time that the child works without waiting for bytes of the archive. Ends a child that no longer counts its CPU time. */
const MAX_WORK_MS = 5 * 60_000;
/** CPU time of the child in ms for a small archive; COCO files with a million annotations need less. */
const MIN_CPU_MS = 20_000;
const CPU_MS_PER_MB = 200;
/** Characters of the child's error output that are kept: V8 prints why it ends. */
const MAX_ERROR_CHARACTERS = 4_000;

/** The limits of a child that inspects an archive. */
export interface InspectLimits {
  readonly heapMb: number;
  /** Time in which the child does not wait for bytes of the archive. */
  readonly workMs: number;
  /** CPU time, which does not depend on what else the machine does. */
  readonly cpuMs: number;
}

/**
 * Memory and time grow with the records, and each record that counts has an image in the archive: a small archive that
 * needs much of them cannot be a dataset.
 */
const limitsOf = ({ bytes }: ByteSource): InspectLimits => ({
  heapMb: Math.min(MAX_HEAP_MB, MIN_HEAP_MB + Math.ceil(bytes / MB) * HEAP_MB_PER_MB),
  workMs: MAX_WORK_MS,
  cpuMs: Math.min(MAX_WORK_MS, MIN_CPU_MS + Math.ceil(bytes / MB) * CPU_MS_PER_MB),
});

/**
 * Inspects an archive in a process of its own, as `inspect` does. Whatever the archive does to that process, this one goes
 * on.
 * @throws DatasetError as `inspect`, and ArchiveUnsafe if the archive needs more memory or time than a dataset of its
 *   size can need; errors of the source; the reason of `signal`; InspectionLost if the process was killed
 */
export async function inspectApart(
  source: ByteSource,
  settings: DatasetSettings,
  signal?: AbortSignal,
  limits: InspectLimits = limitsOf(source),
): Promise<Inspected> {
  signal?.throwIfAborted();
  const child = fork(CHILD, {
    execArgv: [`--max-old-space-size=${limits.heapMb}`],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // The child needs no credentials.
    env: {},
  });
  const inspection = new Inspection(child, source, limits, signal);
  try {
    return await inspection.run(settings);
  } finally {
    inspection.close();
  }
}

/** The process that inspected an archive was killed by something else than its limits. */
export class InspectionLost extends Error {
  override readonly name = 'InspectionLost';
}

class Inspection {
  readonly #batches: PlanBatch[] = [];
  readonly #aborter = new AbortController();
  #reads = 0;
  #errors = '';
  #timer: NodeJS.Timeout | undefined;
  #workMs: number;
  #workingSince = 0;

  constructor(
    private readonly child: ChildProcess,
    private readonly source: ByteSource,
    private readonly limits: InspectLimits,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.#workMs = limits.workMs;
    child.stderr?.on('data', (data: Buffer) => {
      this.#errors = `${this.#errors}${data.toString()}`.slice(-MAX_ERROR_CHARACTERS);
    });
  }

  async run(settings: DatasetSettings): Promise<Inspected> {
    return await new Promise<Inspected>((resolve, reject) => {
      const aborted = () => reject(this.signal?.reason);
      this.signal?.addEventListener('abort', aborted, { once: true, signal: this.#aborter.signal });
      this.child.on('error', reject);
      this.child.on('close', (code, signal) => reject(this.#endOf(code, signal)));
      this.child.on('message', (message: FromChild) => this.#hear(message, resolve, reject));
      this.#startClock(reject);
      this.#send({ type: 'inspect', bytes: this.source.bytes, settings, cpuMs: this.limits.cpuMs });
    });
  }

  close(): void {
    this.#aborter.abort();
    this.#stopClock();
    this.child.kill('SIGKILL');
  }

  #hear(message: FromChild, resolve: (inspected: Inspected) => void, reject: (error: unknown) => void): void {
    switch (message.type) {
      case 'read':
        this.#read(message, reject).catch(reject);
        break;
      case 'batch':
        this.#batches.push(message.batch);
        break;
      case 'end':
        resolve({ ...inspectedOf(this.#batches, message.labels), plan: message.plan });
        break;
      case 'refused':
        reject(new DatasetError(message.refusal, message.message, message.details, message.rejected));
        break;
      case 'failed':
        reject(new Error(`The inspection of the archive failed: ${message.message}`));
        break;
      case 'slow':
        reject(tooSlow(this.limits.cpuMs, 'seconds of CPU time'));
        break;
    }
  }

  async #read(
    { id, start, end }: { id: number; start: number; end: number },
    reject: (error: unknown) => void,
  ) {
    this.#reads += 1;
    this.#stopClock();
    const bytes = await this.source.read(start, end, this.signal);
    this.#reads -= 1;
    if (this.#reads === 0) this.#startClock(reject);
    this.#send({ type: 'bytes', id, bytes });
  }

  #send(message: ToChild): void {
    // A child that has ended is reported by its `close` event.
    if (this.child.connected) this.child.send(message, () => undefined);
  }

  #startClock(reject: (error: unknown) => void): void {
    this.#workingSince = performance.now();
    this.#timer = setTimeout(() => reject(tooSlow(this.limits.workMs, 'seconds')), this.#workMs);
  }

  #stopClock(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#workMs -= performance.now() - this.#workingSince;
  }

  #endOf(code: number | null, signal: NodeJS.Signals | null): Error {
    if (/FATAL ERROR|heap out of memory/.test(this.#errors)) {
      return new DatasetError(
        'ArchiveUnsafe',
        `Reading the COCO files of the archive needs more than ${this.limits.heapMb} MB of memory, more than a dataset of its size can need. Remove records that are not used, or split the dataset.`,
      );
    }
    const how = signal ?? `code ${code}`;
    return new InspectionLost(
      `The process that reads the archive ended unexpectedly (${how}). ${this.#errors}`,
    );
  }
}

function tooSlow(limitMs: number, unit: string): DatasetError {
  return new DatasetError(
    'ArchiveUnsafe',
    `Reading the COCO files of the archive takes more than ${Math.round(limitMs / 1000)} ${unit}, more than a dataset of its size can need. Remove records and JSON files that are not used, or split the dataset.`,
  );
}

function inspectedOf(batches: readonly PlanBatch[], labels: readonly string[]) {
  const images = batches.flatMap((batch) => batch.images.map(({ image }) => image));
  images.sort((a, b) => byCodePoint(a.path, b.path));
  return { batches, merged: { images, labels } };
}
