import { condition, setHandler } from '@temporalio/workflow';
import type { PreprocessProgress } from '../contracts/workflow-io.js';
import { failure } from './failures.js';
import { preprocessProgress, preprocessReady } from './messages.js';

/**
 * Waits for the end of preprocessing by its signals. It listens from the run's start, because an external
 * preprocessor may finish before the inspection does.
 */
export class ReadyWait {
  private ready = false;
  private signals = 0;

  /** @param onProgress receives the counts of each signal */
  constructor(private readonly onProgress: (progress: PreprocessProgress) => void) {
    setHandler(preprocessProgress, (progress) => this.onSignal(progress));
    setHandler(preprocessReady, (progress) => {
      this.ready = true;
      this.onSignal(progress);
    });
  }

  /**
   * Waits for the signal `preprocessReady`, or until `failed` returns true. Each `preprocessProgress` restarts the
   * timer of `waitSecs` seconds; when it expires, the wait fails as PreprocessNotReady.
   */
  async untilReady(waitSecs: number, failed: () => boolean = () => false): Promise<void> {
    while (!this.ready && !failed()) {
      const before = this.signals;
      const advanced = await condition(
        () => this.ready || failed() || this.signals !== before,
        waitSecs * 1000,
        { summary: `READY wait, ${waitSecs} s` },
      );
      if (!advanced) {
        throw failure(
          'PreprocessNotReady',
          `Preprocessing made no progress for ${waitSecs} s (WAIT_PREPROC_READY_SECS). ` +
            'See the pending activities of its workflow for the cause, then ingest the archive again. Completed batches are kept.',
        );
      }
    }
  }

  private onSignal(progress: PreprocessProgress): void {
    this.signals += 1;
    this.onProgress(progress);
  }
}
