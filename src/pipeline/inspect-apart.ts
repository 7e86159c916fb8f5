import { findEndRecord } from '../archive/end-record.js';
import type { ByteSource } from '../archive/source.js';
import { DatasetError } from '../dataset/model/errors.js';
import type { DatasetSettings } from '../dataset/model/settings.js';
import type { PlanBatch } from '../dataset/model/types.js';
import { builtModule } from '../lib/built-module.js';
import { byCodePoint } from '../lib/order.js';
import { type ChildTalk, CpuTimeExhausted, HeapExhausted, runChild } from '../lib/run-child.js';
import type { Inspected } from './inspect.js';
import type { FromChild, ToChild } from './inspect-messages.js';
import { inProcessTurn } from './process-turns.js';

const CHILD = builtModule('./inspect-process.js', import.meta.url);

/** Heap of the child in MB for an archive of few files. With it, worker and child stay below 600 MB. */
const MIN_HEAP_MB = 180;
/** Heap in MB of the archives that count as small: up to some 2,000 images. */
const MAX_SMALL_HEAP_MB = 250;
/** CPU time of the child in ms for an archive of few files; COCO files with a million annotations need less. */
const MIN_CPU_MS = 20_000;
/**
 * Heap of the child beyond the minimum in MB: for 200 boxes per image, and at most 2 MB per MB of the archive. The largest
 * datasets, of 250,000 images with 1.25 million boxes, fail with 560 MB in all and pass with 780 MB.
 */
const HEAP_MB_PER_FILE = 1 / 32;
const HEAP_MB_PER_MB = 2;
const MAX_MORE_HEAP_MB = 1024;
/** CPU time in ms for each MB of this heap. */
const CPU_MS_PER_HEAP_MB = 240;
const MB = 1024 * 1024;
/** Maximum time that the child works without waiting for bytes of the archive. Only a machine that is too busy takes as long. */
const MAX_WORK_MS = 15 * 60_000;

/** The limits of a child that inspects an archive. */
export interface InspectLimits {
  readonly heapMb: number;
  /** Time in which the child does not wait for bytes of the archive. It decides about no archive. */
  readonly workMs: number;
  /** CPU time, which does not depend on what else the machine does. */
  readonly cpuMs: number;
}

/**
 * Memory and time grow with the files of an archive and with its size, up to a maximum, so that neither padding nor empty
 * entries alone buy more of them.
 * @throws DatasetError ArchiveUnreadable, ArchiveUnsafe if the archive has no usable end record
 */
async function limitsOf(source: ByteSource, signal?: AbortSignal): Promise<InspectLimits> {
  const { entries } = await findEndRecord(source, signal);
  const more = Math.min(entries * HEAP_MB_PER_FILE, (source.bytes / MB) * HEAP_MB_PER_MB, MAX_MORE_HEAP_MB);
  return {
    heapMb: MIN_HEAP_MB + Math.floor(more),
    workMs: MAX_WORK_MS,
    cpuMs: MIN_CPU_MS + more * CPU_MS_PER_HEAP_MB,
  };
}

/**
 * Inspects an archive in a process of its own, as `inspect` does. Whatever the archive does to that process, this one goes
 * on. Waits for other processes, see `inProcessTurn`.
 * @throws DatasetError as `inspect`, and ArchiveUnsafe if the archive needs more memory or time than a dataset of its
 *   size can need; errors of the source; the reason of `signal`; ProcessLost if the process was killed; an Error
 *   that a retry may fix if the machine is too busy
 */
export async function inspectApart(
  source: ByteSource,
  settings: DatasetSettings,
  signal?: AbortSignal,
  given?: InspectLimits,
): Promise<Inspected> {
  const limits = given ?? (await limitsOf(source, signal));
  return await inProcessTurn(limits.heapMb > MAX_SMALL_HEAP_MB, signal, () =>
    inspectInChild(source, settings, signal, limits),
  );
}

async function inspectInChild(
  source: ByteSource,
  settings: DatasetSettings,
  signal: AbortSignal | undefined,
  limits: InspectLimits,
): Promise<Inspected> {
  const { heapMb, cpuMs } = limits;
  const clock = new WorkClock(limits.workMs);
  try {
    // The child needs no credentials.
    const task = { does: 'reads the archive', module: CHILD, heapMb, env: {}, signal };
    return await runChild<ToChild, FromChild, Inspected>(task, (talk) => {
      const inspection = new Inspection(talk, source, clock, signal);
      clock.start(talk.reject);
      talk.send({ type: 'inspect', bytes: source.bytes, settings, cpuMs });
      return (message) => inspection.onMessage(message);
    });
  } catch (error) {
    if (error instanceof CpuTimeExhausted) throw tooSlow(cpuMs);
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
    this.#timer = setTimeout(() => reject(tooBusy(this.workMs)), this.#leftMs).unref();
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

function tooSlow(cpuMs: number): DatasetError {
  return new DatasetError(
    'ArchiveUnsafe',
    `Reading the COCO files of the archive takes more than ${Math.round(cpuMs / 1000)} seconds of CPU time, more than a dataset of its size can need. Remove records and JSON files that are not used, or split the dataset.`,
  );
}

/** Says nothing about the archive: another attempt may succeed. */
function tooBusy(workMs: number): Error {
  return new Error(
    `Reading the archive did not end within ${Math.round(workMs / 60_000)} minutes, although it needed little CPU time: the machine is too busy. Try again if it does less.`,
  );
}

function inspectedOf(batches: readonly PlanBatch[], labels: readonly string[]) {
  const images = batches.flatMap((batch) => batch.images.map(({ image }) => image));
  images.sort((a, b) => byCodePoint(a.path, b.path));
  return { batches, merged: { images, labels } };
}
