import type { ByteSource } from '../archive/source.js';
import { DatasetError } from '../dataset/model/errors.js';
import type { DatasetSettings } from '../dataset/model/settings.js';
import type { PlanBatch } from '../dataset/model/types.js';
import { builtModule } from '../lib/built-module.js';
import { byCodePoint } from '../lib/order.js';
import { type ChildTalk, HeapExhausted, runChild } from '../lib/run-child.js';
import type { Inspected } from './inspect.js';
import type { FromChild, ToChild } from './inspect-messages.js';

const CHILD = builtModule('./inspect-process.js', import.meta.url);

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
 *   size can need; errors of the source; the reason of `signal`; ProcessLost if the process was killed
 */
export async function inspectApart(
  source: ByteSource,
  settings: DatasetSettings,
  signal?: AbortSignal,
  limits: InspectLimits = limitsOf(source),
): Promise<Inspected> {
  const { heapMb, cpuMs } = limits;
  const clock = new WorkClock(limits.workMs);
  try {
    // The child needs no credentials.
    const task = { does: 'reads the archive', module: CHILD, heapMb, env: {}, signal };
    return await runChild<ToChild, FromChild, Inspected>(task, (talk) => {
      const inspection = new Inspection(talk, source, limits, clock, signal);
      clock.start(talk.reject);
      talk.send({ type: 'inspect', bytes: source.bytes, settings, cpuMs });
      return (message) => inspection.onMessage(message);
    });
  } catch (error) {
    throw error instanceof HeapExhausted ? tooLarge(heapMb) : error;
  } finally {
    clock.stop();
  }
}

class Inspection {
  readonly #batches: PlanBatch[] = [];
  #reads = 0;

  constructor(
    private readonly talk: ChildTalk<ToChild, Inspected>,
    private readonly source: ByteSource,
    private readonly limits: InspectLimits,
    private readonly clock: WorkClock,
    private readonly signal: AbortSignal | undefined,
  ) {}

  onMessage(message: FromChild): void {
    const { resolve, reject } = this.talk;
    switch (message.type) {
      case 'read':
        this.#read(message).catch(reject);
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

  async #read({ id, start, end }: { id: number; start: number; end: number }): Promise<void> {
    this.#reads += 1;
    this.clock.stop();
    const bytes = await this.source.read(start, end, this.signal);
    this.#reads -= 1;
    if (this.#reads === 0) this.clock.start(this.talk.reject);
    this.talk.send({ type: 'bytes', id, bytes });
  }
}

/** Limits the time that the child works without waiting for bytes of the archive. */
class WorkClock {
  #timer: NodeJS.Timeout | undefined;
  #leftMs: number;
  #since = 0;

  constructor(private readonly workMs: number) {
    this.#leftMs = workMs;
  }

  start(reject: (error: unknown) => void): void {
    this.#since = performance.now();
    this.#timer = setTimeout(() => reject(tooSlow(this.workMs, 'seconds')), this.#leftMs).unref();
  }

  stop(): void {
    if (this.#timer === undefined) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#leftMs -= performance.now() - this.#since;
  }
}

function tooLarge(heapMb: number): DatasetError {
  return new DatasetError(
    'ArchiveUnsafe',
    `Reading the COCO files of the archive needs more than ${heapMb} MB of memory, more than a dataset of its size can need. Remove records that are not used, or split the dataset.`,
  );
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
