import type { Progress, RunSettings } from '../contracts/workflow-io.js';
import type { DatasetSettings } from '../dataset/model/settings.js';
import type { Input } from '../input/input.js';
import type { Followed } from './follow.js';
import type { ProgressDisplay } from './output/progress.js';

export interface IngestOptions {
  readonly dataset?: string;
  readonly local?: boolean;
  readonly endpoint?: string;
  readonly wait: boolean;
  readonly replace?: boolean;
  readonly retryTraining?: boolean;
  readonly json?: boolean;
}

/** One archive to ingest, with everything decided. */
export interface IngestJob {
  /** A file, a folder, an address in S3 or on the web. */
  readonly named: string;
  readonly dataset: string;
  readonly settings: DatasetSettings;
  readonly run: RunSettings;
  readonly options: IngestOptions;
}

/** A way in: straight to S3 and Temporal, or through the HTTP endpoint. */
export interface IngestRoute {
  begin(job: IngestJob, input: Input, display: ProgressDisplay): Promise<Followed>;
  /** @param onUnavailable told once when nobody answers any more */
  steps(dataset: string, onUnavailable: (message: string) => void): AsyncIterable<Progress>;
}
