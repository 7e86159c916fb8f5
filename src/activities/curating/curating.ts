import { DatasetError } from '../../dataset/model/errors.js';
import type { AwsAccess } from '../../lib/aws-access.js';
import { builtModule } from '../../lib/built-module.js';
import { HeapExhausted, runChild } from '../../lib/run-child.js';
import { inProcessTurn } from '../../pipeline/process-turns.js';
import type { HeartbeatCounts } from '../heartbeat.js';
import type { Conversion, Validation } from '../interface.js';
import { unpackError } from '../packed-error.js';
import type { ConvertInput } from './convert-version.js';
import type { FromChild, Step, ToChild } from './messages.js';
import type { ValidateInput } from './validate-version.js';

const MODULE = builtModule('./curating-process.js', import.meta.url);

/** Heap of a process in MB: the maximum of an inspection. */
const HEAP_MB = 4096;
/** Batches of a dataset that counts as small: up to some 2,000 images. */
const MAX_SMALL_BATCHES = 16;

/**
 * Runs the steps that compute over all images of a dataset version, each in a process of its own with an S3 client of its
 * own. Such a step is busy for minutes if the dataset is large; here it would delay the heartbeats of all other activities.
 * A step waits for other processes that read or curate datasets, see `inProcessTurn`.
 */
export class Curating {
  /** @param heapMb maximum size of the JavaScript heap of a process in MB */
  constructor(
    private readonly aws: AwsAccess,
    private readonly heapMb = HEAP_MB,
  ) {}

  /**
   * Converts a dataset version as `convertVersion` does.
   * @throws errors of `convertVersion`; the reason of `signal`; DatasetError if it needs too much memory; ProcessLost
   */
  async convert(
    input: ConvertInput,
    report: (counts: HeartbeatCounts) => void,
    signal: AbortSignal,
  ): Promise<Conversion> {
    return await this.#run<Conversion>({ name: 'convert', input }, report, signal);
  }

  /** Validates a dataset version as `validateVersion` does; throws as `convert`. */
  async validate(input: ValidateInput, signal: AbortSignal): Promise<Validation> {
    return await this.#run<Validation>({ name: 'validate', input }, () => undefined, signal);
  }

  async #run<Result>(
    step: Step,
    report: (counts: HeartbeatCounts) => void,
    signal: AbortSignal,
  ): Promise<Result> {
    const { aws, heapMb } = this;
    const task = { does: 'curates the dataset', module: MODULE, heapMb, signal };
    try {
      return await inProcessTurn(isLarge(step), signal, () =>
        runChild<ToChild, FromChild<Result>, Result>(task, ({ send, resolve, reject }) => {
          send({ aws, step });
          return (message) => {
            if (message.type === 'progress') report(message.counts);
            else if (message.type === 'done') resolve(message.result);
            else reject(unpackError(message.error));
          };
        }),
      );
    } catch (error) {
      throw error instanceof HeapExhausted ? tooLarge(heapMb) : error;
    }
  }
}

/** A step whose number of batches an earlier version of the workflow did not state may be of any size. */
function isLarge({ input: { batches } }: Step): boolean {
  return batches === undefined || batches > MAX_SMALL_BATCHES;
}

function tooLarge(heapMb: number): DatasetError {
  return new DatasetError(
    'ArchiveUnsafe',
    `Curating the dataset needs more than ${heapMb} MB of memory. Split the dataset, or remove images and annotations that are not needed.`,
  );
}
