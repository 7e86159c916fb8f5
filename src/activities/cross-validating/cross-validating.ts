import type { FitCounts } from '../../contracts/cross-validation.js';
import type { CrossValidateInput } from '../../contracts/workflow-io.js';
import { DatasetError } from '../../dataset/model/errors.js';
import type { AwsAccess } from '../../lib/aws-access.js';
import { builtModule } from '../../lib/built-module.js';
import { HeapExhausted, runChild } from '../../lib/run-child.js';
import { unpackError } from '../packed-error.js';
import type { FromChild, ToChild } from './messages.js';

const MODULE = builtModule('./cross-validating-process.js', import.meta.url);

/** Heap of the process in MB. The pictures that a detector is fitted on are outside of it and have their own limit. */
const HEAP_MB = 4096;

/**
 * Cross-validates dataset versions, each in a process of its own with an S3 client of its own. It computes for minutes;
 * here it would delay the heartbeats of all other activities.
 */
export class CrossValidating {
  constructor(private readonly aws: AwsAccess) {}

  /**
   * Cross-validates a dataset version as `crossValidateVersion` does.
   * @throws errors of `crossValidateVersion`; the reason of `signal`; DatasetError if it needs too much memory; ProcessLost
   */
  async run(
    input: CrossValidateInput,
    report: (counts: FitCounts) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const task = { does: 'cross-validates the dataset', module: MODULE, heapMb: HEAP_MB, signal };
    await runChild<ToChild, FromChild, void>(task, ({ send, resolve, reject }) => {
      send({ aws: this.aws, input });
      return (message) => {
        if (message.type === 'progress') report(message.counts);
        else if (message.type === 'done') resolve();
        else reject(unpackError(message.error));
      };
    }).catch((error: unknown) => {
      throw error instanceof HeapExhausted ? tooLarge() : error;
    });
  }
}

/** Not retried: a further attempt would need as much. */
function tooLarge(): DatasetError {
  return new DatasetError(
    'ArchiveUnsafe',
    `Examining all images of the dataset needs more than ${HEAP_MB} MB of memory. Split the dataset.`,
  );
}
